package watari.core.path;

import java.util.List;
import watari.core.net.Ipv4Prefix;
import watari.core.rule.Identity;
import watari.core.rule.PortSet;
import watari.core.wire.Packet;

/// Which addresses are a home's: those of its hosts, and those that the Internet sees.
final class Addresses {
  private final Ipv4Prefix outer;
  private final PortSet ports;
  private final int translated;
  private final Ipv4Prefix[] home;

  /// @param home the prefixes of hosts that are translated
  /// @param translated the address that these are translated to
  Addresses(Identity identity, List<Ipv4Prefix> home, int translated) {
    outer = identity.ipv4();
    ports = identity.ports();
    this.home = home.toArray(Ipv4Prefix[]::new);
    this.translated = translated;
  }

  /// Whether a host at home has it.
  boolean isHome(int address) {
    return isOfPrefixes(address) || isRouted(address);
  }

  boolean isOfPrefixes(int address) {
    for (Ipv4Prefix prefix : home) {
      if (prefix.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a host has an address of our own IPv4 prefix and needs no translation. The first
  /// address of the prefix is the one that all others at home are translated to.
  boolean isRouted(int address) {
    return outer.length() < 32 && isOuter(address) && address != translated;
  }

  /// Whether the Internet sees us under it.
  boolean isOuter(int address) {
    return outer.contains(address);
  }

  /// The same with a port, which on a shared address may be a neighbour's.
  boolean isOwn(int address, int port) {
    return isOuter(address) && ports.contains(port);
  }

  /// Whatever identifier a query of our own address has now, it will get one of ours.
  boolean isToOurselves(Packet packet) {
    return isOuter(packet.target()) && (packet.isQuery() || ports.contains(packet.targetPort()));
  }
}
