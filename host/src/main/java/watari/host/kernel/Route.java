package watari.host.kernel;

import watari.core.net.Refused;

/// A route of the main table straight to a device.
///
/// @param device the index of the device
/// @param metric the lower wins, from 0; for IPv6 the kernel makes 1024 of 0, and so do we
public record Route(Cidr target, int device, int metric) {
  private static final int IPV6_METRIC_DEFAULT = 1024;

  public Route {
    if (!target.isPrefix()) {
      throw new Refused("the route target " + target + " has bits set behind its length");
    }
    if (metric < 0) {
      throw new Refused("the metric of a route is 0 or more, not " + metric);
    }
    if (target.isIpv6() && metric == 0) {
      metric = IPV6_METRIC_DEFAULT;
    }
  }
}
