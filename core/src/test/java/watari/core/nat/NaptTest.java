package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.event.EventLog;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Icmp;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// The behaviour that the RFCs ask of a translator, one row after another.
final class NaptTest {
  private static final int OUTER = 0xc6336401;
  private static final int HOST = 0xc0a80102;
  private static final int OTHER_HOST = 0xc0a80103;
  private static final int SERVER = 0xcb007101;
  private static final int STRANGER = 0xcb007102;
  private static final int SECOND = 1000;

  private final Arena memory = Arena.ofConfined();
  private final Probe probe = new Probe();
  private final EventLog events = new EventLog();
  private Napt napt = napt(Ports.RANGES_OF_16, 10_000);
  private long now = 5_000_000_000L;

  @AfterEach
  void giveMemoryBack() {
    memory.close();
  }

  private Napt napt(PortSet ports, int sessionsMax) {
    return napt(ports, NatSettings.strict(ports, Timers.DEFAULT, sessionsMax));
  }

  private Napt napt(PortSet ports, NatSettings settings) {
    return new Napt(OUTER, ports, settings, memory, new Randomness(3, 4), events);
  }

  /// The outer port that a packet leaves from.
  private int portOf(Packet packet) {
    assertThat(napt.outbound(packet, now)).as("passes").isTrue();
    assertThat(napt.ports().contains(packet.sourcePort())).as("is in the set").isTrue();
    return probe.received().sourcePort();
  }

  private void passesIn(Packet packet) {
    assertThat(napt.inbound(packet, now)).as("passes").isTrue();
    probe.received();
  }

  private void refusesOut(Packet packet, Drop why) {
    assertThat(napt.outbound(packet, now)).as("passes").isFalse();
    assertThat(napt.refusal()).isEqualTo(why);
  }

  private void refusesIn(Packet packet, Drop why) {
    assertThat(napt.inbound(packet, now)).as("passes").isFalse();
    assertThat(napt.refusal()).isEqualTo(why);
  }

  private void passSeconds(long seconds) {
    now += seconds * SECOND;
  }

  /// UDP-01, MAPE-57
  @Test
  void givesOneSocketOnePortForAThousandServers() {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      ports.add(portOf(probe.udp(HOST, 40_000, SERVER + i, 1000 + i)));
    }
    assertThat(ports).hasSize(1);
    assertThat(napt.sessions()).isEqualTo(1000);
  }

  /// TCP-01
  @Test
  void givesOneTcpSocketOnePortForAHundredServers() {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ports.add(portOf(probe.tcp(HOST, 40_000, SERVER + i, 443, Tcp.SYN)));
    }
    assertThat(ports).hasSize(1);
  }

  /// ICMP-02
  @Test
  void givesOneIdentifierOneIdentifierForTenHosts() {
    Set<Integer> identifiers = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      identifiers.add(portOf(probe.echo(HOST, SERVER + i, 77)));
    }
    assertThat(identifiers).hasSize(1);
  }

  /// UDP-03, UDP-16, TCP-09, MAPE-01, MAPE-47, APP-02, PRT-03, SHR-02, CGN-12, CGN-15, CGN-17,
  /// D-01: all have the same source port; each of the 240 keeps its own when the 241st comes.
  @ParameterizedTest
  @ValueSource(ints = {Protocol.TCP, Protocol.UDP, Protocol.ICMP})
  void givesAllPortsAndRefusesTheNextHost(int protocol) {
    var ports = new int[240];
    Set<Integer> distinct = new HashSet<>();
    Set<Integer> ranges = new HashSet<>();
    for (int host = 0; host < 240; host++) {
      ports[host] = portOf(probe.any(protocol, HOST + host, 5000, SERVER, 443, true));
      distinct.add(ports[host]);
      ranges.add(ports[host] >> 12);
    }
    assertThat(distinct).hasSize(240);
    assertThat(ranges).hasSize(15);
    for (int i = 0; i < 3; i++) {
      refusesOut(
          probe.any(protocol, HOST + 240 + i, 5000, SERVER, 443, true), Drop.PORTS_EXHAUSTED);
      passSeconds(2);
    }
    for (int host = 0; host < 240; host++) {
      int port = portOf(probe.any(protocol, HOST + host, 5000, STRANGER, 443, true));
      assertThat(port).isEqualTo(ports[host]);
    }
  }

  /// D-01: 240 mappings of each protocol, and a thousand remote endpoints of each TCP and UDP one.
  @Test
  void holdsAHalfMillionSessionsOn240Ports() {
    napt = napt(Ports.RANGES_OF_16, 480_240);
    for (int host = 0; host < 240; host++) {
      portOf(probe.echo(HOST + host, SERVER, 9));
      for (int remote = 0; remote < 1000; remote++) {
        portOf(probe.udp(HOST + host, 5000, SERVER + remote, 443));
        portOf(probe.tcp(HOST + host, 5000, SERVER + remote, 443, Tcp.SYN));
      }
    }
    assertThat(napt.sessions()).isEqualTo(480_240);
    for (int protocol : new int[] {Protocol.TCP, Protocol.UDP, Protocol.ICMP}) {
      assertThat(napt.freePorts(protocol)).isZero();
    }
    refusesOut(probe.udp(HOST, 5000, SERVER + 1000, 443), Drop.SESSIONS_EXHAUSTED);
  }

  /// MAPE-01, MAPE-58: whatever the source port, the port it leaves from is ours.
  @Test
  void letsNothingLeaveOutsideTheSet() {
    for (int port = 0; port < 65_536; port++) {
      portOf(probe.udp(HOST, port, SERVER, 53));
      passSeconds(20);
      napt.sweep(now, 1);
    }
  }

  /// UDP-24
  @Test
  void keepsUdpTcpAndIcmpApart() {
    napt = napt(Ports.ONE, 100);
    assertThat(portOf(probe.udp(HOST, 5000, SERVER, 443))).isEqualTo(5001);
    assertThat(portOf(probe.tcp(OTHER_HOST, 6000, SERVER, 443, Tcp.SYN))).isEqualTo(5001);
    assertThat(portOf(probe.echo(HOST + 9, SERVER, 3))).isEqualTo(5001);
    passesIn(probe.tcp(SERVER, 443, OUTER, 5001, Tcp.SYN | Tcp.ACK));
    assertThat(probe.packet().target()).isEqualTo(OTHER_HOST);
    passesIn(probe.echoReply(SERVER, OUTER, 5001));
    assertThat(probe.packet().target()).isEqualTo(HOST + 9);
  }

  /// UDP-25
  @Test
  void opensNothingForUdpWithTcp() {
    int port = portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    refusesIn(probe.udp(SERVER, 443, OUTER, port), Drop.NO_MAPPING);
    portOf(probe.udp(HOST, 5000, STRANGER, 443));
    int udp = portOf(probe.udp(HOST, 5000, STRANGER, 443));
    refusesIn(probe.udp(SERVER, 443, OUTER, udp), Drop.FILTERED);
  }

  /// MAPE-59
  @Test
  void hearsOnlyFromAddressesSpokenToButFromAllTheirPorts() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    passesIn(probe.udp(SERVER, 443, OUTER, port));
    passesIn(probe.udp(SERVER, 9, OUTER, port));
    assertThat(probe.packet().target()).isEqualTo(HOST);
    assertThat(probe.packet().targetPort()).isEqualTo(5000);
    refusesIn(probe.udp(STRANGER, 443, OUTER, port), Drop.FILTERED);
    refusesIn(probe.udp(SERVER, 443, OUTER, port ^ 1), Drop.NO_MAPPING);
  }

  /// MAPE-59: the session that is over is the newer one and stands first in its chain.
  @Test
  void hearsFromAnAddressAsLongAsOneSessionWithItLives() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    portOf(probe.udp(HOST, 5000, SERVER, 53));
    passSeconds(25);
    passesIn(probe.udp(SERVER, 9999, OUTER, port));
  }

  /// MAPE-59: unlike the port, the address is no longer spoken to.
  @Test
  void hearsNoMoreFromAnAddressWhoseSessionsAreOver() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 53));
    portOf(probe.udp(HOST, 5000, STRANGER, 443));
    passSeconds(25);
    refusesIn(probe.udp(SERVER, 9999, OUTER, port), Drop.FILTERED);
  }

  /// UDP-06, UDP-08
  @Test
  void remembersUdpForFiveMinutes() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    now += 300 * SECOND - 1;
    passesIn(probe.udp(SERVER, 443, OUTER, port));
    passSeconds(300);
    refusesIn(probe.udp(SERVER, 443, OUTER, port), Drop.NO_MAPPING);
    assertThat(napt.freePorts(Protocol.UDP) + napt.heldPorts(Protocol.UDP)).isEqualTo(240);
  }

  /// UDP-09
  @Test
  void remembersUdpWhileTheHostGoesOn() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    for (int i = 0; i < 100; i++) {
      passSeconds(299);
      napt.sweep(now, 10);
      assertThat(portOf(probe.udp(HOST, 5000, SERVER, 443))).isEqualTo(port);
    }
  }

  /// UDP-07
  @Test
  void forgetsOnlyDnsEarly() {
    int dns = portOf(probe.udp(HOST, 5000, SERVER, 53));
    int multicastDns = portOf(probe.udp(HOST, 5001, SERVER, 5353));
    passSeconds(20);
    passesIn(probe.udp(SERVER, 5353, OUTER, multicastDns));
    refusesIn(probe.udp(SERVER, 53, OUTER, dns), Drop.NO_MAPPING);
  }

  /// UDP-10: a packet that the filter refuses keeps nothing alive.
  @Test
  void forgetsUdpThatOnlyStrangersSpeakTo() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    for (int i = 0; i < 3; i++) {
      passSeconds(99);
      refusesIn(probe.udp(STRANGER, 443, OUTER, port), Drop.FILTERED);
    }
    passSeconds(3);
    refusesIn(probe.udp(SERVER, 443, OUTER, port), Drop.NO_MAPPING);
  }

  /// UDP-17, TCP-12, ICMP-11: and no error makes a session live longer.
  @ParameterizedTest
  @ValueSource(ints = {Protocol.TCP, Protocol.UDP, Protocol.ICMP})
  void endsNoSessionForAnError(int protocol) {
    int port = portOf(probe.any(protocol, HOST, 5000, SERVER, 443, true));
    for (int type : new int[] {Icmp.UNREACHABLE, Icmp.TIME_EXCEEDED, Icmp.PARAMETER_PROBLEM}) {
      passesIn(probe.error(type, STRANGER, OUTER, protocol, OUTER, port, SERVER, 443));
    }
    assertThat(napt.sessions()).isEqualTo(1);
    passSeconds(59);
    passesIn(probe.error(Icmp.UNREACHABLE, STRANGER, OUTER, protocol, OUTER, port, SERVER, 443));
    passSeconds(241);
    refusesIn(
        probe.error(Icmp.UNREACHABLE, STRANGER, OUTER, protocol, OUTER, port, SERVER, 443),
        Drop.NO_MAPPING);
  }

  /// UDP-31
  @Test
  void leavesOutTheChecksumThatTheHostLeftOut() {
    int port = portOf(probe.udpWithoutChecksum(HOST, 5000, SERVER, 443));
    assertThat(probe.udpChecksum()).isZero();
    passesIn(probe.udpWithoutChecksum(SERVER, 443, OUTER, port));
    assertThat(probe.udpChecksum()).isZero();
  }

  /// UDP-31: among 65,536 target ports there is every checksum, so also the one that comes out as
  /// zero.
  @Test
  void neverMakesAChecksumZero() {
    for (int port = 0; port < 65_536; port++) {
      portOf(probe.udp(HOST, 5000, SERVER, port));
      assertThat(probe.udpChecksum()).isNotZero();
      passSeconds(300);
      napt.sweep(now, 1);
    }
  }

  /// TCP-02: opened from the home, closed on one side, spoken on, closed.
  @Test
  void passesAWholeTcpConnection() {
    int port = portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK));
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK));
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.FIN | Tcp.ACK));
    for (int i = 0; i < 3; i++) {
      passSeconds(3600);
      passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK));
      portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK));
    }
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.FIN | Tcp.ACK));
    assertThat(portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK))).isEqualTo(port);
    passSeconds(240);
    refusesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK), Drop.NO_MAPPING);
  }

  /// TCP-02, TCP-03: a peer that the host has spoken to opens, and both open at once.
  @Test
  void passesAConnectionThatAPeerOpens() {
    int port = portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN));
    passesIn(probe.tcp(SERVER, 7777, OUTER, port, Tcp.SYN));
    portOf(probe.tcp(HOST, 5000, SERVER, 7777, Tcp.SYN | Tcp.ACK));
    passSeconds(7439);
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK));
    passesIn(probe.tcp(SERVER, 7777, OUTER, port, Tcp.ACK));
  }

  private int establish() {
    int port = portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK));
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK));
    return port;
  }

  /// TCP-06
  @Test
  void remembersAnEstablishedConnectionForTwoHoursAndFourMinutes() {
    int port = establish();
    passSeconds(7439);
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK));
    passSeconds(7440);
    refusesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK), Drop.NO_MAPPING);
  }

  /// TCP-06
  @Test
  void remembersAHalfOpenConnectionForFourMinutes() {
    int port = portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    passSeconds(239);
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    passSeconds(240);
    refusesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK), Drop.NO_MAPPING);
  }

  /// TCP-18
  @Test
  void establishesWhateverIsSentTwice() {
    int port = establish();
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK));
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK));
    passSeconds(7439);
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK));
  }

  /// TCP-14
  @Test
  void forgetsAConnectionFourMinutesAfterAReset() {
    int port = establish();
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.RST));
    passSeconds(240);
    refusesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK), Drop.NO_MAPPING);
  }

  /// TCP-14
  @Test
  void remembersAConnectionThatGoesOnAfterAReset() {
    int port = establish();
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.RST));
    passSeconds(3);
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK));
    passSeconds(7439);
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK));
  }

  private int closeBothSides() {
    int port = establish();
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.FIN | Tcp.ACK));
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.FIN | Tcp.ACK));
    return port;
  }

  /// TCP-17
  @Test
  void isNotOpenedAgainByOneSide() {
    int port = closeBothSides();
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    passSeconds(240);
    refusesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK), Drop.NO_MAPPING);
  }

  /// TCP-17
  @Test
  void isOpenedAgainByBothSides() {
    int port = closeBothSides();
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN));
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK));
    passSeconds(7439);
    passesIn(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK));
  }

  /// ICMP-01, ICMP-03, MAPE-47
  @Test
  void passesAPingAndItsAnswerForAMinute() {
    int id = portOf(probe.echo(HOST, SERVER, 77));
    passSeconds(59);
    passesIn(probe.echoReply(SERVER, OUTER, id));
    assertThat(probe.packet().target()).isEqualTo(HOST);
    assertThat(probe.packet().targetPort()).isEqualTo(77);
    passSeconds(60);
    refusesIn(probe.echoReply(SERVER, OUTER, id), Drop.NO_MAPPING);
  }

  @Test
  void refusesAPingFromStrangers() {
    int id = portOf(probe.echo(HOST, SERVER, 77));
    refusesIn(probe.echo(STRANGER, OUTER, id), Drop.NO_MAPPING);
    refusesIn(probe.echoReply(STRANGER, OUTER, id), Drop.FILTERED);
  }

  /// ICMP-09, TCP-11
  @ParameterizedTest
  @ValueSource(ints = {Protocol.TCP, Protocol.UDP, Protocol.ICMP})
  void handsAnErrorWithItsQuoteToTheHost(int protocol) {
    int port = portOf(probe.any(protocol, HOST, 5000, SERVER, 443, true));
    passesIn(probe.error(Icmp.UNREACHABLE, STRANGER, OUTER, protocol, OUTER, port, SERVER, 443));
    assertThat(probe.packet().source()).isEqualTo(STRANGER);
    assertThat(probe.packet().target()).isEqualTo(HOST);
    assertThat(probe.packet().quoteSource()).isEqualTo(HOST);
    assertThat(probe.packet().targetPort()).isEqualTo(5000);
  }

  /// ICMP-09
  @Test
  void refusesAnErrorAboutAPacketThatNobodySent() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    refusesIn(
        probe.error(Icmp.UNREACHABLE, SERVER, OUTER, Protocol.UDP, OUTER, port ^ 1, SERVER, 443),
        Drop.NO_MAPPING);
    refusesIn(
        probe.error(Icmp.UNREACHABLE, SERVER, OUTER, Protocol.UDP, OUTER, port, SERVER, 444),
        Drop.ERROR_WITHOUT_SESSION);
  }

  /// ICMP-09: port and server fit, but the packet was not ours.
  @Test
  void refusesAnErrorAboutAPacketOfAnotherAddress() {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    refusesIn(
        probe.error(Icmp.UNREACHABLE, SERVER, OUTER, Protocol.UDP, STRANGER, port, SERVER, 443),
        Drop.ERROR_WITHOUT_SESSION);
  }

  /// ICMP-10: also from a router at home, whose own address is nobody's business outside.
  @ParameterizedTest
  @ValueSource(ints = {HOST, OTHER_HOST})
  void handsAnErrorOfTheHomeOutside(int sender) {
    int port = portOf(probe.udp(HOST, 5000, SERVER, 443));
    Packet error =
        probe.error(Icmp.UNREACHABLE, sender, SERVER, Protocol.UDP, SERVER, 443, HOST, 5000);
    assertThat(portOf(error)).isEqualTo(port);
    assertThat(probe.packet().source()).isEqualTo(OUTER);
    assertThat(probe.packet().quoteTarget()).isEqualTo(OUTER);
  }

  /// ICMP-10
  @Test
  void refusesAnErrorOfTheHomeAboutAPacketThatNeverCame() {
    portOf(probe.udp(HOST, 5000, SERVER, 443));
    refusesOut(
        probe.error(Icmp.UNREACHABLE, HOST, STRANGER, Protocol.UDP, STRANGER, 443, HOST, 5000),
        Drop.ERROR_WITHOUT_SESSION);
    assertThat(napt.sessions()).isEqualTo(1);
  }

  /// PRT-04
  @Test
  void keepsTheHostsPortWhenItIsInTheSetAndFree() {
    int wanted = Ports.RANGES_OF_16.port(17);
    assertThat(portOf(probe.udp(HOST, wanted, SERVER, 443))).isEqualTo(wanted);
    assertThat(portOf(probe.udp(OTHER_HOST, wanted, SERVER, 443))).isNotEqualTo(wanted);
  }

  /// CGN-15, SHR-02: a table full of sessions that live refuses, a table of sessions that are over
  /// does not.
  @Test
  void makesRoomOnlyWhereSessionsAreOver() {
    napt = napt(Ports.RANGES_OF_16, 100);
    for (int i = 0; i < 100; i++) {
      portOf(probe.udp(HOST, 5000, SERVER + i, 443));
    }
    refusesOut(probe.udp(HOST, 5000, SERVER + 100, 443), Drop.SESSIONS_EXHAUSTED);
    for (int i = 0; i < 100; i++) {
      portOf(probe.udp(HOST, 5000, SERVER + i, 443));
    }
    passSeconds(300);
    portOf(probe.udp(HOST, 5000, SERVER + 100, 443));
    assertThat(napt.sessions()).isEqualTo(1);
  }

  /// A full search costs time: within one second there is one.
  @Test
  void searchesForRoomOnceASecond() {
    napt = napt(Ports.ONE, 10);
    portOf(probe.udp(HOST, 5000, SERVER, 53));
    now += 19_500;
    refusesOut(probe.udp(OTHER_HOST, 5000, SERVER, 53), Drop.PORTS_EXHAUSTED);
    now += 999;
    refusesOut(probe.udp(OTHER_HOST, 5000, SERVER, 53), Drop.PORTS_EXHAUSTED);
    now += 1;
    portOf(probe.udp(OTHER_HOST, 5000, SERVER, 53));
  }

  /// However little is looked at each time, nothing that is over stays longer than one round.
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 1000})
  void sweepsEverythingInOneRound(int count) {
    napt = napt(Ports.RANGES_OF_16, 1000);
    for (int i = 0; i < 1000; i++) {
      portOf(probe.udp(HOST + i % 7, 5000, SERVER + i, i % 3 == 0 ? 53 : 443));
      napt.sweep(now, 13);
    }
    passSeconds(20);
    for (int looked = 0; looked < 1000; looked += count) {
      napt.sweep(now, count);
    }
    assertThat(napt.sessions()).isEqualTo(666);
    passSeconds(280);
    for (int looked = 0; looked < 1000; looked += count) {
      napt.sweep(now, count);
    }
    assertThat(napt.sessions()).isZero();
    assertThat(napt.freePorts(Protocol.UDP) + napt.heldPorts(Protocol.UDP)).isEqualTo(240);
  }

  @Test
  void endsAFewThousandSessionsInOneStepHoweverManyAreOver() {
    napt = napt(Ports.RANGES_OF_16, 10_000);
    for (int i = 0; i < 10_000; i++) {
      portOf(probe.udp(HOST + i % 7, 5000, SERVER + i, 443));
    }
    passSeconds(300);
    napt.sweep(now, Integer.MAX_VALUE);
    assertThat(napt.sessions()).isEqualTo(10_000 - 4096);
    napt.sweep(now, Integer.MAX_VALUE);
    napt.sweep(now, Integer.MAX_VALUE);
    assertThat(napt.sessions()).isZero();
  }

  /// D-03: eleven years at full use.
  @ParameterizedTest
  @ValueSource(ints = {15, 1})
  void leaksNoPortInAHundredThousandHours(int size) {
    PortSet ports = size == 1 ? Ports.ONE : Ports.SINGLES;
    napt = napt(ports, 64);
    assertThat(ports.size()).isEqualTo(size);
    for (int hour = 0; hour < 100_000; hour++) {
      for (int host = 0; host < size; host++) {
        portOf(probe.udp(HOST + host, hour & 0xffff, SERVER, 443));
      }
      refusesOut(probe.udp(HOST + size, 1, SERVER, 443), Drop.PORTS_EXHAUSTED);
      assertThat(napt.sessions()).isEqualTo(size);
      passSeconds(3600);
      if ((hour & 1) == 0) {
        napt.sweep(now, 64);
        assertThat(napt.freePorts(Protocol.UDP) + napt.heldPorts(Protocol.UDP)).isEqualTo(size);
      }
    }
  }
}
