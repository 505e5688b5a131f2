package watari.core.nat;

import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.wire.Protocol;

/// A port of the set that always leads to one host at home (RFC 7597 §9: never one outside it).
///
/// @param protocol TCP or UDP, as the IP protocol number
/// @param outerPort 1 to 65535
/// @param insidePort 1 to 65535
public record Forward(int protocol, int outerPort, Ipv4Address inside, int insidePort) {
  public Forward {
    if (protocol != Protocol.TCP && protocol != Protocol.UDP) {
      throw new Refused("a forward is for TCP or UDP, not for protocol " + protocol);
    }
    checkPort(outerPort);
    checkPort(insidePort);
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 65_535) {
      throw new Refused("a port is 1 to 65535, not " + port);
    }
  }
}
