package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.event.EventLog;
import watari.core.nat.Holding.Claim;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// Mistakes that the slow twin found, one test each, so that nobody has to find them again at
/// random.
final class FoundByTwinTest {
  private static final int OUTER = 0xc6336401;
  private static final int HOST = 0xc0a80102;
  private static final int SERVER = 0xcb007101;
  private static final int FRIEND = 0xcb007201;

  private final Arena memory = Arena.ofConfined();
  private final Probe probe = new Probe();
  private final NatDraft draft = new NatDraft(NatSettings.adaptive(Ports.SINGLES, 100));
  private Napt napt = napt(Ports.SINGLES);
  private long now = 5_000_000_000L;

  private Napt napt(PortSet ports) {
    var events = new EventLog();
    return new Napt(OUTER, ports, draft.settings(), memory, new Randomness(3, 4), events);
  }

  @AfterEach
  void giveMemoryBack() {
    memory.close();
  }

  private int portOf(Packet packet) {
    assertThat(napt.outbound(packet, now)).as("passes").isTrue();
    return probe.received().sourcePort();
  }

  private void refusesIn(Packet packet, Drop why) {
    assertThat(napt.inbound(packet, now)).as("passes").isFalse();
    assertThat(napt.refusal()).isEqualTo(why);
  }

  /// UDP-16: a guest with sessions at two ports, the first of which is left. Its next session takes
  /// no port that counts as free.
  @Test
  void aGuestThatLeftItsPortHasItNoMore() {
    draft.reservePercent = 60;
    draft.hosts = HostLimits.NONE;
    draft.holdSeconds = 0;
    napt = napt(Ports.SINGLES);
    for (int i = 0; i < 6; i++) {
      portOf(probe.udp(HOST, 20_000 + i, SERVER, 443));
    }
    int first = portOf(probe.udp(HOST, 30_000, FRIEND, 53));
    int second = portOf(probe.udp(HOST, 30_001, FRIEND + 1, 443));
    assertThat(second).as("guests share").isEqualTo(first);
    assertThat(portOf(probe.udp(HOST, 30_000, FRIEND + 1, 443))).isNotEqualTo(first);
    now += 25_000;
    napt.tick(now);
    assertThat(napt.ofEndpoint(Protocol.UDP, HOST, 30_000, now)).isEmpty();
    portOf(probe.udp(HOST, 30_000, FRIEND + 2, 443));
    assertThat(napt.ofEndpoint(Protocol.UDP, HOST, 30_000, now)).isPresent();
  }

  /// TCP-15: the numbers of a connection picked up in its middle are known on one side only.
  @Test
  void believesNoResetWithTheNumberZero() {
    int port = portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK));
    napt.inbound(probe.segment(SERVER, 443, OUTER, port, Tcp.RST, 0, 0), now);
    now += 239_000;
    portOf(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK));
    now += 239_000;
    assertThat(napt.inbound(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK), now)).isTrue();
  }

  /// MAPE-59: half of the table is in use, but by sessions that are over.
  @Test
  void letsTheDemilitarisedHostHearAfterMakingRoom() {
    draft.dmz = Optional.of(new Ipv4Address(HOST + 9));
    draft.sessionsMax = 8;
    napt = napt(Ports.SINGLES);
    for (int i = 0; i < 4; i++) {
      portOf(probe.udp(HOST, 20_000, SERVER + i, 53));
    }
    now += 20_000;
    assertThat(napt.inbound(probe.udp(FRIEND, 1, OUTER, Ports.SINGLES.port(7)), now)).isTrue();
    assertThat(probe.received().target()).isEqualTo(HOST + 9);
    assertThat(napt.sessions()).isEqualTo(1);
  }

  /// CGN-08: what is refused does not send ports to rest.
  @Test
  void aRefusedPacketLeavesThePortsAsTheyAre() {
    draft.dmz = Optional.of(new Ipv4Address(HOST + 9));
    draft.sessionsMax = 4;
    napt = napt(Ports.SINGLES);
    portOf(probe.udp(HOST, 20_000, SERVER, 443));
    portOf(probe.udp(HOST, 20_000, SERVER + 1, 443));
    int index = Ports.SINGLES.index(portOf(probe.udp(HOST, 20_000, SERVER, 443)));
    int other = Ports.SINGLES.port((index + 1) % 15);
    refusesIn(probe.udp(FRIEND, 1, OUTER, other), Drop.SESSIONS_EXHAUSTED);
    assertThat(napt.freePorts(Protocol.UDP)).isEqualTo(14);
    assertThat(napt.heldPorts(Protocol.UDP)).isZero();
  }

  /// CGN-08: a forward that takes a port from somebody pushes no other port out of its rest.
  @Test
  void aForwardSendsNoPortToWorkThatRests() {
    for (int i = 0; i < 3; i++) {
      portOf(probe.udp(HOST, 20_000 + i, SERVER, 53));
    }
    int taken = portOf(probe.udp(HOST, 21_000, SERVER, 443));
    now += 20_000;
    napt.tick(now);
    assertThat(napt.heldPorts(Protocol.UDP)).isEqualTo(3);
    draft.forwards = List.of(new Forward(Protocol.UDP, taken, new Ipv4Address(HOST + 1), 80));
    napt.become(draft.settings(), now);
    assertThat(napt.heldPorts(Protocol.UDP)).isEqualTo(3);
  }

  /// UDP-01: an endpoint whose port became another's still hears there, but not from the very
  /// remote that it speaks to by its new port.
  @Test
  void hasOneSessionWithOneRemote() {
    int old = portOf(probe.udp(HOST, 5000, SERVER, 443));
    draft.forwards = List.of(new Forward(Protocol.UDP, old, new Ipv4Address(HOST + 1), 80));
    napt.become(draft.settings(), now);
    int later = portOf(probe.udp(HOST, 5000, SERVER, 444));
    assertThat(later).isNotEqualTo(old);
    draft.forwards = List.of();
    napt.become(draft.settings(), now);
    refusesIn(probe.udp(SERVER, 444, OUTER, old), Drop.FILTERED);
    assertThat(portOf(probe.udp(HOST, 5000, SERVER, 444))).isEqualTo(later);
  }

  /// PCP-37: the filter was of the host's own wish, the forward is the operator's.
  @Test
  void aForwardInheritsNoFilter() {
    int asked = Ports.SINGLES.port(3);
    int wanted = Ports.SINGLES.port(4);
    napt.reserve(new Wish(Protocol.UDP, HOST, 80, Claim.EXPLICIT, asked, true), now);
    var nobody = List.of(new RemoteFilter(new Ipv4Prefix(FRIEND, 32), 0));
    napt.filter(Protocol.UDP, asked, nobody);
    draft.forwards = List.of(new Forward(Protocol.UDP, wanted, new Ipv4Address(HOST), 80));
    napt.become(draft.settings(), now);
    assertThat(napt.inbound(probe.udp(SERVER, 1, OUTER, wanted), now)).isTrue();
  }

  /// PCP-24, CGN-04: to keep the port that one has costs none of the share.
  @Test
  void aHostWithItsShareMayReserveAPortThatItHas() {
    draft.hosts = new HostLimits(20, 100, 100);
    napt = napt(Ports.SINGLES);
    for (int i = 0; i < 3; i++) {
      portOf(probe.udp(HOST, 20_000 + i, SERVER, 443));
    }
    assertThat(ask(20_000)).isInstanceOf(Grant.Given.class);
    assertThat(ask(20_009)).isEqualTo(Grant.Refusal.HOST_LIMIT);
  }

  private Grant ask(int insidePort) {
    return napt.reserve(new Wish(Protocol.UDP, HOST, insidePort, Claim.EXPLICIT, 0, false), now);
  }

  /// CGN-05: a host's share of the sessions counts those without ports, and the demilitarised host
  /// gets what nobody asked for.
  @Test
  void countsSessionsWithoutPorts() {
    draft.hosts = new HostLimits(50, 2, 100);
    draft.dmz = Optional.of(new Ipv4Address(HOST + 9));
    napt = napt(PortSet.ALL);
    for (int i = 0; i < 2; i++) {
      assertThat(napt.outbound(probe.portless(50, HOST, SERVER + i), now)).isTrue();
    }
    assertThat(napt.outbound(probe.portless(50, HOST, SERVER + 2), now)).isFalse();
    assertThat(napt.refusal()).isEqualTo(Drop.HOST_SESSIONS_EXHAUSTED);
    assertThat(napt.inbound(probe.portless(47, FRIEND, OUTER), now)).isTrue();
    assertThat(probe.received().target()).isEqualTo(HOST + 9);
    assertThat(napt.inbound(probe.portless(50, FRIEND, OUTER), now)).isTrue();
    assertThat(probe.received().target()).isEqualTo(HOST + 9);
    assertThat(napt.freePorts(Protocol.ICMP)).isEqualTo(65_535);
  }
}
