package watari.core.rule;

import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// What a subscriber is in IPv4, derived from its end-user prefix by [MapRule#identity].
///
/// @param rule the Basic Mapping Rule it came from
/// @param endUserPrefix the prefix that the line delegated
/// @param ipv4 an address as a prefix of 32 bits, or a shorter prefix
/// @param ports its ports; all of them where the address is not shared
/// @param mapAddress the only address of the subscriber that MAP traffic uses
public record Identity(
    MapRule rule,
    Ipv6Prefix endUserPrefix,
    Ipv4Prefix ipv4,
    PortSet ports,
    Ipv6Address mapAddress) {

  /// Whether others have the same IPv4 address.
  public boolean isShared() {
    return !ports.isAll();
  }

  /// Whether relay and peers, who know only address and port, compute the same MAP address. They do
  /// not where a delegated prefix is longer than n + o and goes on with other bits than zeros; then
  /// nothing they send arrives.
  public boolean isDerivable() {
    return rule.mapAddress(ipv4.bits(), ports.psid().value()).equals(mapAddress);
  }

  /// Whether an inner address and port are this subscriber's.
  public boolean owns(int address, int port) {
    return ipv4.contains(address) && ports.contains(port);
  }
}
