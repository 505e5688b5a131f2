package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.nat.HomeNat.HOST;
import static watari.core.nat.HomeNat.OTHER_HOST;
import static watari.core.nat.HomeNat.OUTER;
import static watari.core.nat.HomeNat.SERVER;
import static watari.core.nat.HomeNat.STRANGER;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Holding.Claim;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Icmp;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// What keeps a port, what does not, and what a tunnel of the home needs of it.
final class LivelinessTest {
  private static HomeNat home(PortSet ports) {
    var draft = new NatDraft(NatSettings.strict(ports, Timers.DEFAULT, 100));
    draft.inboundRefresh = false;
    return new HomeNat(ports, draft.settings());
  }

  /// UDP-27: a port that nobody listens at any more, asked once a minute.
  @Test
  void refusalsOfTheHomeKeepNoUdpAlive() {
    HomeNat home = home(Ports.RANGES_OF_16);
    int port = home.portOf(home.probe.udp(HOST, 5000, SERVER, 443));
    for (int minute = 0; minute < 5; minute++) {
      home.receives(home.probe.udp(SERVER, 443, OUTER, port));
      home.portOf(
          home.probe.error(Icmp.UNREACHABLE, HOST, SERVER, Protocol.UDP, SERVER, 443, HOST, 5000));
      home.passSeconds(60);
    }
    home.refusesIn(home.probe.udp(SERVER, 443, OUTER, port), Drop.NO_MAPPING);
  }

  /// UDP-27
  @Test
  void resetsOfTheHomeKeepNoConnectionAlive() {
    HomeNat home = home(Ports.RANGES_OF_16);
    int port = home.portOf(home.probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    home.receives(home.probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK));
    for (int minute = 0; minute < 4; minute++) {
      home.portOf(home.probe.tcp(HOST, 5000, SERVER, 443, Tcp.RST));
      home.passSeconds(60);
    }
    home.refusesIn(home.probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK), Drop.NO_MAPPING);
  }

  /// ICMP-23: there is one identifier, and the next host has it once the last query is over.
  @Test
  void anIdentifierIsFreeAfterItsLastQuery() {
    HomeNat home = home(Ports.ONE);
    int id = home.portOf(home.probe.echo(HOST, SERVER, 7));
    home.passSeconds(30);
    home.portOf(home.probe.echo(HOST, STRANGER, 7));
    home.passSeconds(59);
    assertThat(home.goesOut(home.probe.echo(OTHER_HOST, SERVER, 8))).isFalse();
    home.passSeconds(1);
    assertThat(home.portOf(home.probe.echo(OTHER_HOST, SERVER, 8))).isEqualTo(id);
  }

  /// VPN-03, VPN-10: one packet each 20 s for two hours, or each 25 s for a day, mostly of a tunnel
  /// whose packets have no checksum. The server moves meanwhile, and hears from the same port.
  @ParameterizedTest
  @CsvSource({"4500, 20, 7200", "51820, 25, 86400"})
  void keepalivesKeepTheSamePort(int tunnel, int seconds, int duration) {
    HomeNat home = home(Ports.RANGES_OF_16);
    int port = home.portOf(home.probe.udpWithoutChecksum(HOST, tunnel, SERVER, tunnel));
    for (int passed = 0; passed < duration; passed += seconds) {
      int server = passed < duration / 2 ? SERVER : STRANGER;
      assertThat(home.portOf(home.probe.udpWithoutChecksum(HOST, tunnel, server, tunnel)))
          .isEqualTo(port);
      home.passSeconds(seconds);
      home.napt.tick(home.now());
      Packet answer = home.receives(home.probe.udpWithoutChecksum(server, tunnel, OUTER, port));
      assertThat(List.of(answer.target(), answer.targetPort())).containsExactly(HOST, tunnel);
      assertThat(home.probe.udpChecksum()).isZero();
    }
  }

  /// VPN-08: L2TP's server may answer from whatever port it likes (RFC 2661 §8.1).
  @ParameterizedTest
  @ValueSource(ints = {1701, 1024, 0x8000, 0xffff})
  void aServerOfL2tpMayAnswerFromAnotherPort(int port) {
    HomeNat home = home(Ports.RANGES_OF_16);
    int ours = home.portOf(home.probe.udp(HOST, 1701, SERVER, 1701));
    Packet answer = home.receives(home.probe.udp(SERVER, port, OUTER, ours));
    assertThat(List.of(answer.target(), answer.targetPort())).containsExactly(HOST, 1701);
    assertThat(home.portOf(home.probe.udp(HOST, 1701, SERVER, port))).isEqualTo(ours);
  }

  /// VPN-12: two hosts have IKE and ESP in TCP to one server; both want port 4500 and get others.
  @Test
  void ikeInTcpIsTcp() {
    HomeNat home = home(Ports.RANGES_OF_16);
    for (int host : new int[] {HOST, OTHER_HOST}) {
      int ours = home.portOf(home.probe.tcp(host, 4500, SERVER, 4500, Tcp.SYN));
      Packet answer = home.receives(home.probe.tcp(SERVER, 4500, OUTER, ours, Tcp.SYN | Tcp.ACK));
      assertThat(List.of(answer.target(), answer.targetPort())).containsExactly(host, 4500);
      home.portOf(home.probe.tcp(host, 4500, SERVER, 4500, Tcp.ACK));
    }
    assertThat(home.napt.sessions()).isEqualTo(2);
  }

  private static Grant reserve(HomeNat home, int protocol) {
    return home.napt.reserve(new Wish(protocol, HOST, 5000, Claim.EXPLICIT, 0, false), home.now());
  }

  private static void isStillReserved(HomeNat home, int protocol, int port) {
    assertThat(home.napt.sessions()).isZero();
    assertThat(home.napt.ofPort(protocol, port, home.now()).orElseThrow().claim())
        .isEqualTo(Claim.EXPLICIT);
    Packet visit = home.probe.any(protocol, STRANGER, 9, OUTER, port, true);
    if (protocol == Protocol.TCP) {
      visit = home.probe.tcp(STRANGER, 9, OUTER, port, Tcp.SYN);
    }
    assertThat(home.receives(visit).target()).isEqualTo(HOST);
  }

  /// PCP-48: a visitor comes, and goes in one of the ways there are.
  @ParameterizedTest
  @ValueSource(ints = {Tcp.RST, Tcp.FIN | Tcp.ACK})
  void theEndOfAVisitEndsNoReservation(int farewell) {
    HomeNat home = home(Ports.RANGES_OF_16);
    int port = ((Grant.Given) reserve(home, Protocol.TCP)).outerPort();
    home.receives(home.probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN));
    home.portOf(home.probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN | Tcp.ACK));
    home.receives(home.probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK));
    home.receives(home.probe.tcp(SERVER, 443, OUTER, port, farewell));
    home.portOf(home.probe.tcp(HOST, 5000, SERVER, 443, farewell));
    home.passSeconds(240);
    home.napt.tick(home.now());
    isStillReserved(home, Protocol.TCP, port);
  }

  /// PCP-49: the flow was there first, and its port became the reserved one.
  @ParameterizedTest
  @ValueSource(ints = {Protocol.TCP, Protocol.UDP})
  void theEndOfAFlowEndsNoReservation(int protocol) {
    HomeNat home = home(Ports.RANGES_OF_16);
    int port = home.portOf(home.probe.any(protocol, HOST, 5000, SERVER, 443, true));
    assertThat(reserve(home, protocol)).isEqualTo(new Grant.Given(port));
    if (protocol == Protocol.TCP) {
      home.portOf(home.probe.tcp(HOST, 5000, SERVER, 443, Tcp.RST));
    }
    home.passSeconds(300);
    home.napt.tick(home.now());
    isStillReserved(home, protocol, port);
  }
}
