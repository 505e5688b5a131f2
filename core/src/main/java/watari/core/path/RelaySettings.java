package watari.core.path;

import watari.core.net.Ipv4Address;
import watari.core.rule.RuleTable;

/// All that a relay needs to know.
///
/// @param rules of all domains it serves
/// @param tunnel what its tunnels to the subscribers are like
/// @param address where its ICMP errors come from
/// @param routing who lowers the time to live
/// @param isAnycast whether other relays have its IPv6 addresses too. Two of them could give outer
///   fragments one identification, and an error may reach another than it is about; so what is too
///   long is cut inside, and no path MTU is learned (RFC 7597 §8.3.1)
public record RelaySettings(
    RuleTable rules,
    TunnelSettings tunnel,
    Ipv4Address address,
    Routing routing,
    boolean isAnycast) {

  /// Alone, with tunnels as they are by default.
  ///
  /// @param lineMtu the IPv6 MTU towards the subscribers, at least 1280
  public RelaySettings(RuleTable rules, int lineMtu, Ipv4Address address, Routing routing) {
    this(rules, new TunnelSettings(lineMtu), address, routing, false);
  }

  public int lineMtu() {
    return tunnel.lineMtu();
  }
}
