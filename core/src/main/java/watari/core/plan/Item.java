package watari.core.plan;

import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// One thing that a plan wants to be so in the kernel. It prints as a line that a person can read.
public sealed interface Item {

  /// The kernel forwards packets of both families between its devices. A device that got its IPv6
  /// default route from a router advertisement goes on hearing them: the kernel would drop the
  /// route otherwise.
  record Forwarding() implements Item {
    @Override
    public String toString() {
      return "forward IPv4 and IPv6 between devices";
    }
  }

  /// Packets that come out of our device may have `address` as their source, an address of this
  /// machine: the ICMP errors that we make come from there.
  record OwnSource(Ipv4Address address) implements Item {
    @Override
    public String toString() {
      return "take packets from our own address " + address + " out of our device";
    }
  }

  /// Router advertisements on `link` are heard although we forward; the line lives by them.
  record RouterAdvertisements(String link) implements Item {
    @Override
    public String toString() {
      return "hear router advertisements on " + link;
    }
  }

  /// Neighbours on `link` that ask for `address` are answered (RFC 4861 §7.2.8): without it nobody
  /// on a shared link would send us packets for the MAP address.
  record ProxyNeighbour(Ipv6Address address, String link) implements Item {
    @Override
    public String toString() {
      return "answer neighbours on " + link + " that ask for " + address;
    }
  }

  /// IPv4 packets to `prefix` come to our device.
  ///
  /// @param metric the lower wins
  record Ipv4Route(Ipv4Prefix prefix, int metric) implements Item {
    @Override
    public String toString() {
      return "route " + prefix + " to our device, metric " + metric;
    }
  }

  /// IPv6 packets to `prefix` come to our device.
  record Ipv6Route(Ipv6Prefix prefix) implements Item {
    @Override
    public String toString() {
      return "route " + prefix + " to our device";
    }
  }

  /// Packets that come out of our device may have any source, also where the operator set the
  /// reverse-path filter for all devices (RFC 3704 §2): every other device keeps it for itself.
  record AnySource() implements Item {
    @Override
    public String toString() {
      return "filter sources device by device, and not those that come out of ours";
    }
  }

  /// The kernel gives no packet to a connection of this machine before it has looked up its way:
  /// such a packet could not come to our device any more (`ip_forward` drops it).
  record EveryWayLookedUp() implements Item {
    @Override
    public String toString() {
      return "look up the way of every packet, also of this machine's own connections";
    }
  }

  /// No program of this machine is given one of these ports unless it chooses it.
  ///
  /// @param ranges as in `5000-5010,6000`
  record SparedPorts(String ranges) implements Item {
    @Override
    public String toString() {
      return "give none of the ports " + ranges + " to this machine's own programs";
    }
  }

  /// IPv4 packets that a rule sends to our own table come to our device.
  record OwnTable() implements Item {
    @Override
    public String toString() {
      return "route 0.0.0.0/0 to our device in table " + PolicyRule.Course.OURS.table();
    }
  }

  /// Some IPv4 packets take a course of their own.
  record Ipv4Rule(PolicyRule rule) implements Item {
    @Override
    public String toString() {
      return rule.toString();
    }
  }
}
