package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.nat.Holding.Claim;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.verdict.Drop;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;

/// Owners and guests (decision 8): who gets which port when few are left, and who hears what.
final class AdaptiveTest {
  private static final int OUTER = 0xc6336401;
  private static final int HOST = 0xc0a80102;
  private static final int SERVER = 0xcb007101;
  private static final int FRIEND = 0xcb007201;

  /// Of the 240 ports, a fifth is the reserve.
  private static final int OWNERS = 192;

  private static final int RESERVE = 48;

  private final Arena memory = Arena.ofConfined();
  private final Probe probe = new Probe();
  private final EventLog events = new EventLog();
  private final NatDraft draft = new NatDraft(NatSettings.adaptive(Ports.RANGES_OF_16, 400_000));
  private Napt napt;
  private final long now = 5_000_000_000L;

  AdaptiveTest() {
    draft.hosts = HostLimits.NONE;
    napt = napt();
  }

  private Napt napt() {
    return new Napt(
        OUTER, Ports.RANGES_OF_16, draft.settings(), memory, new Randomness(3, 4), events);
  }

  @AfterEach
  void giveMemoryBack() {
    memory.close();
  }

  private int portOf(Packet packet) {
    assertThat(napt.outbound(packet, now)).as("passes").isTrue();
    return probe.received().sourcePort();
  }

  private int udp(int port, int remote) {
    return portOf(probe.udp(HOST, port, remote, 443));
  }

  /// The home's first endpoints, each with a port of its own, all with one server.
  private Set<Integer> owners() {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < OWNERS; i++) {
      ports.add(udp(20_000 + i, SERVER));
    }
    assertThat(ports).hasSize(OWNERS);
    return ports;
  }

  private int receiver(int remote, int remotePort, int outerPort) {
    assertThat(napt.inbound(probe.udp(remote, remotePort, OUTER, outerPort), now)).isTrue();
    return probe.received().targetPort();
  }

  private void refusesIn(int remote, int remotePort, int outerPort, Drop why) {
    assertThat(napt.inbound(probe.udp(remote, remotePort, OUTER, outerPort), now)).isFalse();
    assertThat(napt.refusal()).isEqualTo(why);
  }

  /// UDP-01, UDP-16: above the reserve there is no difference to strict mapping.
  @Test
  void givesEverybodyAPortOfItsOwnWhileThereIsRoom() {
    Set<Integer> ports = owners();
    assertThat(napt.freePorts(Protocol.UDP)).isEqualTo(RESERVE);
    assertThat(udp(20_000, FRIEND)).isIn(ports).isEqualTo(udp(20_000, SERVER));
  }

  /// UDP-26: half of the reserve goes to guests, and those with different remotes share it.
  @Test
  void keepsGuestsOfOnePortApartByTheRemoteAddress() {
    Set<Integer> owned = owners();
    Set<Integer> shared = new HashSet<>();
    for (int i = 0; i < RESERVE / 2; i++) {
      shared.add(udp(30_000 + i, SERVER));
    }
    assertThat(shared).hasSize(RESERVE / 2).doesNotContainAnyElementsOf(owned);
    assertThat(napt.sharedPorts(Protocol.UDP)).isEqualTo(RESERVE / 2);
    for (int i = 0; i < 1000; i++) {
      int port = udp(40_000 + i, FRIEND + i);
      assertThat(shared).contains(port);
      assertThat(receiver(FRIEND + i, 443, port)).isEqualTo(40_000 + i);
      assertThat(receiver(FRIEND + i, 9, port)).as("from another port").isEqualTo(40_000 + i);
    }
    assertThat(napt.freePorts(Protocol.UDP)).isEqualTo(RESERVE / 2);
  }

  /// UDP-26: the same remote address at last, told apart by its port; what comes from a third port
  /// of it is nobody's.
  @Test
  void keepsGuestsApartByTheRemotePortWhenNothingElseIsLeft() {
    owners();
    for (int i = 0; i < RESERVE / 2; i++) {
      udp(30_000 + i, SERVER);
    }
    int port = portOf(probe.udp(HOST, 50_000, SERVER, 444));
    assertThat(receiver(SERVER, 444, port)).isEqualTo(50_000);
    assertThat(receiver(SERVER, 443, port)).isNotEqualTo(50_000);
    refusesIn(SERVER, 445, port, Drop.FILTERED);
  }

  /// MAPE-59, UDP-12
  @Test
  void letsAStrangerReachNoGuest() {
    draft.udpFiltering = Filtering.ENDPOINT_INDEPENDENT;
    napt = napt();
    owners();
    int port = udp(30_000, SERVER);
    refusesIn(FRIEND, 1, port, Drop.FILTERED);
    assertThat(receiver(FRIEND, 1, udp(20_000, SERVER))).isEqualTo(20_000);
  }

  /// A game asks a STUN server, then another, and tells its friends the port: it keeps that one,
  /// and nobody new comes to it.
  @Test
  void keepsThePortOfAGameForItself() {
    owners();
    int port = udp(30_000, SERVER);
    receiver(SERVER, 443, port);
    assertThat(udp(30_000, FRIEND)).isEqualTo(port);
    receiver(FRIEND, 443, port);
    for (int i = 0; i < 2000; i++) {
      assertThat(udp(31_000 + i, FRIEND + 1 + i % 1000)).isNotEqualTo(port);
    }
    for (int friend = 1; friend < 100; friend++) {
      assertThat(udp(30_000, FRIEND + friend)).isEqualTo(port);
    }
    assertThat(napt.ofEndpoint(Protocol.UDP, HOST, 30_000, now))
        .hasValueSatisfying(holding -> assertThat(holding.outerPort()).isEqualTo(port));
  }

  /// PCP-24, PRT-01, IGD-26: who asks for its port gets it from the half that guests leave alone.
  @Test
  void reservesAPortThoughGuestsShareAlready() {
    owners();
    for (int i = 0; i < 500; i++) {
      udp(30_000 + i, FRIEND + i);
    }
    Grant grant = napt.reserve(wish(5000, 0, false), now);
    assertThat(grant).isInstanceOf(Grant.Given.class);
    int port = ((Grant.Given) grant).outerPort();
    assertThat(udp(5000, SERVER)).isEqualTo(port);
    assertThat(receiver(0x08080808, 1, port)).isEqualTo(5000);
    for (int i = 0; i < 1000; i++) {
      assertThat(udp(33_000 + i, FRIEND + 1000 + i)).isNotEqualTo(port);
    }
  }

  private static Wish wish(int insidePort, int wantedPort, boolean exactly) {
    return new Wish(Protocol.UDP, HOST, insidePort, Claim.EXPLICIT, wantedPort, exactly);
  }

  /// PCP-25, PCP-26, PCP-27, PCP-30
  @Test
  void grantsAWishOrSaysWhyNot() {
    int free = Ports.RANGES_OF_16.port(7);
    assertThat(napt.reserve(wish(5000, free, true), now)).isEqualTo(new Grant.Given(free));
    assertThat(napt.reserve(wish(5000, free + 1, true), now)).isEqualTo(new Grant.Given(free));
    assertThat(napt.reserve(wish(5001, free, true), now)).isEqualTo(Grant.Refusal.TAKEN);
    assertThat(napt.reserve(wish(5001, 80, true), now)).isEqualTo(Grant.Refusal.NOT_IN_SET);
    assertThat(napt.ofEndpoint(Protocol.UDP, HOST, 5001, now)).isEmpty();
    assertThat(napt.reserve(wish(5001, 80, false), now)).isInstanceOf(Grant.Given.class);
  }

  /// PCP-24: the port of a flow that is there becomes the reserved one.
  @Test
  void reservesThePortThatAnEndpointHas() {
    int port = udp(5000, SERVER);
    assertThat(napt.reserve(wish(5000, 0, false), now)).isEqualTo(new Grant.Given(port));
    assertThat(napt.ofPort(Protocol.UDP, port, now))
        .hasValue(new Holding(Protocol.UDP, port, HOST, 5000, Claim.EXPLICIT, 300));
  }

  /// PCP-43: given back, it lives on as long as its sessions.
  @Test
  void livesOnWithItsSessionsWhenItIsGivenBack() {
    napt.reserve(wish(5000, 0, false), now);
    int port = udp(5000, SERVER);
    assertThat(napt.release(Protocol.UDP, port, now)).isTrue();
    assertThat(napt.release(Protocol.UDP, port, now)).isFalse();
    assertThat(napt.ofPort(Protocol.UDP, port, now + 10_000))
        .hasValue(new Holding(Protocol.UDP, port, HOST, 5000, Claim.IMPLICIT, 290));
    refusesIn(FRIEND, 1, port, Drop.FILTERED);
    assertThat(receiver(SERVER, 443, port)).isEqualTo(5000);
  }

  /// PCP-37
  @Test
  void letsInOnlyWhomTheFilterOfAReservedPortNames() {
    int port = ((Grant.Given) napt.reserve(wish(5000, 0, false), now)).outerPort();
    var friend = new Ipv4Prefix(FRIEND, 32);
    napt.filter(Protocol.UDP, port, List.of(new RemoteFilter(friend, 7)));
    assertThat(receiver(FRIEND, 7, port)).isEqualTo(5000);
    refusesIn(FRIEND + 1, 7, port, Drop.FILTERED);
    napt.filter(Protocol.UDP, port, List.of());
    assertThat(receiver(FRIEND + 1, 8, port)).isEqualTo(5000);
  }

  /// MAPE-58: a forward takes its port from whoever has it; their sessions live on.
  @Test
  void forwardsAPortThatAFlowHas() {
    int port = udp(5000, SERVER);
    draft.forwards = List.of(new Forward(Protocol.UDP, port, new Ipv4Address(HOST + 1), 80));
    napt.become(draft.settings(), now);
    assertThat(receiver(FRIEND, 9, port)).isEqualTo(80);
    assertThat(receiver(SERVER, 443, port)).isEqualTo(5000);
    assertThat(udp(5000, SERVER)).as("a live session keeps its port").isEqualTo(port);
    assertThat(udp(5000, FRIEND + 1)).as("a new one has another").isNotEqualTo(port);
    draft.forwards = List.of();
    napt.become(draft.settings(), now);
    refusesIn(FRIEND + 5, 9, port, Drop.FILTERED);
  }

  /// MAPE-58: a guest's port is forwarded; what the guest begins from now on has another one.
  @Test
  void leavesAPortThatIsForwardedToTheForward() {
    owners();
    int port = udp(30_000, SERVER);
    draft.forwards = List.of(new Forward(Protocol.UDP, port, new Ipv4Address(HOST + 1), 80));
    napt.become(draft.settings(), now);
    int other = udp(30_000, FRIEND);
    assertThat(other).isNotEqualTo(port);
    assertThat(udp(30_000, FRIEND + 1)).isEqualTo(other);
    assertThat(receiver(SERVER, 443, port)).isEqualTo(30_000);
    assertThat(receiver(FRIEND, 443, port)).isEqualTo(80);
  }

  /// T-13: strangers knock at every port; the demilitarised host gets no more than its share.
  @Test
  void leavesPortsToTheHomeWhenStrangersKnockEverywhere() {
    draft.dmz = Optional.of(new Ipv4Address(HOST + 9));
    draft.hosts = HostLimits.DEFAULT;
    napt = napt();
    int passed = 0;
    for (int index = 0; index < 240; index++) {
      int port = Ports.RANGES_OF_16.port(index);
      passed += napt.inbound(probe.udp(FRIEND + index, 1, OUTER, port), now) ? 1 : 0;
    }
    assertThat(passed).isEqualTo(120);
    assertThat(napt.freePorts(Protocol.UDP)).isEqualTo(120);
    assertThat(napt.sessions()).isEqualTo(120);
  }

  /// CGN-04, SHR-01: beyond its share a host goes on as a guest.
  @Test
  void makesAGreedyHostAGuest() {
    draft.hosts = new HostLimits(50, 100_000, 100_000);
    napt = napt();
    for (int i = 0; i < 3000; i++) {
      udp(20_000 + i, SERVER + i);
    }
    assertThat(napt.hosts())
        .singleElement()
        .satisfies(use -> assertThat(use.udpPorts()).isEqualTo(120))
        .satisfies(use -> assertThat(use.begun()).isEqualTo(3000));
    assertThat(napt.freePorts(Protocol.UDP)).isGreaterThan(RESERVE);
  }

  /// CGN-13, CGN-14: what is refused is an event, said once in a while and not a packet at a time.
  @Test
  void saysThatPortsRanOut() {
    for (int i = 0; i < 240; i++) {
      napt.outbound(probe.udp(HOST, 20_000 + i, SERVER, 443), now);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(napt.outbound(probe.udp(HOST, 21_000 + i, SERVER, 443), now)).isFalse();
    }
    assertThat(events.entries())
        .singleElement()
        .satisfies(entry ->
            assertThat(entry.event())
                .isEqualTo(new Event.PortsExhausted(Protocol.UDP, new Ipv4Address(HOST))));
  }

  /// UDP-10: where packets from the Internet keep nothing alive.
  @Test
  void forgetsWhatOnlyTheInternetSpeaksOn() {
    draft.inboundRefresh = false;
    napt = napt();
    int port = udp(5000, SERVER);
    for (int second = 0; second < 300; second += 100) {
      assertThat(napt.inbound(probe.udp(SERVER, 443, OUTER, port), now + second * 1000L)).isTrue();
    }
    assertThat(napt.inbound(probe.udp(SERVER, 443, OUTER, port), now + 300_000)).isFalse();
  }

  /// UDP-10: not even for a remote that comes from ever other ports.
  @Test
  void forgetsWhatOnlyOtherPortsOfTheRemoteSpeakOn() {
    draft.inboundRefresh = false;
    napt = napt();
    int port = udp(5000, SERVER);
    for (int second = 0; second < 300; second += 100) {
      assertThat(napt.inbound(probe.udp(SERVER, 444 + second, OUTER, port), now + second * 1000L))
          .isTrue();
    }
    assertThat(napt.inbound(probe.udp(SERVER, 999, OUTER, port), now + 300_000)).isFalse();
  }

  /// TCP-15, T-14: 10,000 resets that do not fit.
  @Test
  void believesNoBlindReset() {
    napt.outbound(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN), now);
    int port = probe.received().sourcePort();
    napt.inbound(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK), now);
    napt.outbound(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK), now);
    for (int i = 0; i < 10_000; i++) {
      Packet reset = probe.tcp(SERVER, 443, OUTER, port, Tcp.RST);
      Slab.putInt(reset.transport() + 4, 0x10000000 + i * 71);
      assertThat(napt.inbound(reset, now)).as("the end judges for itself").isTrue();
    }
    long later = now + 241_000;
    assertThat(napt.inbound(probe.tcp(SERVER, 443, OUTER, port, Tcp.ACK), later)).isTrue();
  }

  /// TCP-14: a reset that fits, and then nothing.
  @Test
  void forgetsAConnectionFourMinutesAfterAResetThatFits() {
    napt.outbound(probe.tcp(HOST, 5000, SERVER, 443, Tcp.SYN), now);
    int port = probe.received().sourcePort();
    napt.inbound(probe.tcp(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK), now);
    napt.outbound(probe.tcp(HOST, 5000, SERVER, 443, Tcp.ACK), now);
    assertThat(napt.inbound(probe.tcp(SERVER, 443, OUTER, port, Tcp.RST), now)).isTrue();
    assertThat(napt.sessions()).isEqualTo(1);
    napt.tick(now + 239_000);
    assertThat(napt.sessions()).isEqualTo(1);
    napt.tick(now + 240_000);
    assertThat(napt.sessions()).isZero();
  }
}
