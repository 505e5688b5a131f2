package watari.host.kernel;

import watari.core.net.Refused;

/// A route straight to a device.
///
/// @param table the number of the kernel's table it stands in
/// @param device the index of the device
/// @param metric the lower wins, from 0; for IPv6 the kernel makes 1024 of 0, and so do we
public record Route(int table, Cidr target, int device, int metric) {
  private static final int IPV6_METRIC_DEFAULT = 1024;

  public Route {
    if (table < 1) {
      throw new Refused("a routing table has a number from 1, not " + table);
    }
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

  /// A route of the main table.
  public Route(Cidr target, int device, int metric) {
    this(Rtnetlink.RT_TABLE_MAIN, target, device, metric);
  }
}
