package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.PcpText.NONCE;

import java.util.List;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.rule.PortSet;

/// A server, its table, and a clock that a test moves; 7 seconds have passed since it began.
final class Exchange {
  static final long START = 1_000_000_000_000L;
  static final int EPOCH = 7;
  static final List<Ipv4Prefix> LAN = List.of(Ipv4Prefix.parse("192.168.1.0/24"));

  final MemoryReservations reservations;
  final Leases leases;
  final PortControl server;
  long now = START + EPOCH * 1000L;

  Exchange(PortSet ports, PortControlSettings settings) {
    reservations = new MemoryReservations(Home.OUTER, ports);
    leases = new Leases(reservations, LeaseLimits.DEFAULT);
    server = new PortControl(leases, settings, START);
  }

  Exchange(PortSet ports) {
    this(ports, new PortControlSettings(true, true, LAN));
  }

  Exchange() {
    this(Home.PORTS);
  }

  /// What a host's datagram is answered.
  List<String> ask(Ipv4Address host, String request) {
    return PcpText.texts(server.receive(PcpText.bytes(request), host.bits(), now));
  }

  /// The one answer that there must be.
  String answer(Ipv4Address host, String request) {
    List<String> replies = ask(host, request);
    assertThat(replies).hasSize(1);
    return replies.getFirst();
  }

  /// A MAP request for TCP of Anna with the usual nonce.
  String map(long lifetime, int internalPort, int externalPort, String... options) {
    return answer(Home.ANNA, request(lifetime, internalPort, externalPort, options));
  }

  static String request(long lifetime, int internalPort, int externalPort, String... options) {
    return PcpText.header(1, lifetime, Home.ANNA)
        + PcpText.mapBody(NONCE, 6, internalPort, externalPort)
        + PcpText.join(options);
  }

  /// What the server says when it has given Anna's TCP port an outer port.
  static String granted(long lifetime, int internalPort, int externalPort, String... options) {
    return PcpText.replyHeader(1, 0, lifetime, EPOCH)
        + PcpText.map(NONCE, 6, internalPort, externalPort, PcpText.mapped(Home.OUTER))
        + PcpText.join(options);
  }

  /// What the server says when it refuses.
  static String refused(String request, int result, long lifetime) {
    return PcpText.refusal(request, result, lifetime, EPOCH);
  }
}
