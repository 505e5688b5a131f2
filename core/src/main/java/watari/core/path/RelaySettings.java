package watari.core.path;

import watari.core.net.Ipv4Address;
import watari.core.rule.RuleTable;

/// All that a relay needs to know.
///
/// @param rules of all domains it serves
/// @param lineMtu the IPv6 MTU towards the subscribers, at least 1280
/// @param address where its ICMP errors come from
/// @param routing who lowers the time to live
public record RelaySettings(RuleTable rules, int lineMtu, Ipv4Address address, Routing routing) {
  public RelaySettings {
    GatewaySettings.checkMtu(lineMtu);
  }
}
