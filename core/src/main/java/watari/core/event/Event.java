package watari.core.event;

import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;

/// Something that happened and that a person should hear about, once and not a packet at a time.
public sealed interface Event {

  /// No port of the set was left for a host's new flow (RFC 6888 REQ-11c).
  ///
  /// @param protocol an IP protocol number
  record PortsExhausted(int protocol, Ipv4Address host) implements Event {}

  /// Who holds the most ports where none was left, for they can help.
  ///
  /// @param ports how many it holds
  /// @param portCount how many there are
  record MostPortsHeld(int protocol, Ipv4Address host, int ports, int portCount) implements Event {}

  /// The table of sessions had no room for a host's new flow.
  record SessionsExhausted(Ipv4Address host) implements Event {}

  /// A host had its share already.
  record HostLimited(Ipv4Address host, HostLimit limit) implements Event {}

  /// A protocol that has no ports cannot cross a shared address (RFC 7597 §4): bare ESP, GRE.
  ///
  /// @param protocol an IP protocol number
  record ProtocolWithoutPort(int protocol, Ipv4Address host) implements Event {}

  /// Address or port set have changed; a forward keeps its index in the set, so its port changed.
  ///
  /// @param name what the operator or the program that asked calls it
  record ForwardMoved(String name, int protocol, int from, int to) implements Event {}

  /// Address or port set have changed, and the new set has no port for a forward.
  record ForwardLost(String name, int protocol, int from) implements Event {}

  /// A forward that was lost has a port again.
  record ForwardRestored(String name, int protocol, int port) implements Event {}

  /// How the home reaches the IPv4 Internet has changed.
  ///
  /// @param mode the mode now: `map-e`, `native` or `none`
  /// @param address the address now, or all of the prefix
  /// @param portCount how many ports of it are the home's
  record LineChanged(String mode, Ipv4Prefix address, int portCount) implements Event {}

  /// The line is another, and what it asks for cannot be put in place.
  ///
  /// @param reason the end of a sentence
  record LineNotFollowed(String reason) implements Event {}

  /// What has to outlive a restart cannot be written, or could not be read.
  ///
  /// @param reason the end of a sentence
  record StateNotKept(String reason) implements Event {}

  /// It is written again.
  record StateKept() implements Event {}

  /// The kernel carries usual packets from now on.
  ///
  /// @param interfaces whose packets it carries, joined
  record OffloadRuns(String interfaces) implements Event {}

  /// The kernel carries no packets from now on; it could be asked to.
  ///
  /// @param what is not there, or what the kernel said; else nothing
  record OffloadRests(Rest why, String what) implements Event {}
}
