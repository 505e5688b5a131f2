package watari.core.portmap;

import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;

/// Addresses, sets and wishes as the tests of this room use them.
final class Home {
  /// 15 ranges of 16: 5216-5231, 9312-9327 and so on, 62560-62575; some lie beyond 0x8000.
  static final PortSet PORTS = new PortSet(4, new Psid(0x46, 8));

  /// The same with another PSID: 5376-5391 and so on.
  static final PortSet OTHER_PORTS = new PortSet(4, new Psid(0x50, 8));

  /// 3 ranges of 4.
  static final PortSet FEW_PORTS = new PortSet(2, new Psid(0x123, 12));

  /// The range 5344-5359, in which the ports of PCP lie.
  static final PortSet PCP_PORTS = new PortSet(4, new Psid(0x4e, 8));

  static final String OUTER = "203.0.113.7";
  static final Ipv4Address ANNA = Ipv4Address.parse("192.168.1.10");
  static final Ipv4Address BERT = Ipv4Address.parse("192.168.1.11");

  private Home() {}

  static Inside tcp(Ipv4Address host, int port) {
    return new Inside(Protocol.TCP, host.bits(), port);
  }

  static Inside udp(Ipv4Address host, int port) {
    return new Inside(Protocol.UDP, host.bits(), port);
  }

  static Asker pcp(long nonce) {
    return new Asker.Pcp(new Nonce(nonce, 7), false);
  }

  static Asker exactPcp(long nonce) {
    return new Asker.Pcp(new Nonce(nonce, 7), true);
  }

  static Asker upnp(String description) {
    return new Asker.Upnp(description, Optional.empty());
  }

  static Ask any(Inside inside, long expiresAt) {
    return Ask.one(inside, 0, false, pcp(1), expiresAt);
  }

  static Ask wanted(Inside inside, int port, long expiresAt) {
    return Ask.one(inside, port, false, pcp(1), expiresAt);
  }
}
