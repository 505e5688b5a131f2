package watari.core.plan;

import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// One thing that a plan wants to be so in the kernel.
public sealed interface Item {

  /// IPv4 packets to `prefix` come to our device.
  record Ipv4Route(Ipv4Prefix prefix, int metric) implements Item {
    @Override
    public String toString() {
      return "route " + prefix + " to our device" + (metric == 0 ? "" : ", metric " + metric);
    }
  }

  /// IPv6 packets to `prefix` come to our device.
  record Ipv6Route(Ipv6Prefix prefix) implements Item {
    @Override
    public String toString() {
      return "route " + prefix + " to our device";
    }
  }

  /// Neighbours on `link` that ask for `address` are answered (RFC 4861 §7.2.8): without it nobody
  /// on a shared link would send us packets for the MAP address.
  record ProxyNeighbour(Ipv6Address address, String link) implements Item {
    @Override
    public String toString() {
      return "answer neighbour solicitations for " + address + " on " + link;
    }
  }

  /// The kernel setting `name`, in the notation of sysctl(8), has at least this value.
  record Setting(String name, int value) implements Item {
    @Override
    public String toString() {
      return name + " = " + value;
    }
  }
}
