package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.event.EventLog;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// What one household with 240 ports can hold, and that nobody in it starves.
final class HouseholdTest {
  private static final int OUTER = 0xc6336401;
  private static final int HOST = 0xc0a80102;
  private static final int SERVER = 0xcb007101;
  private static final int GAME_SERVER = 0xcb00fe01;
  private static final int SESSIONS = 65_536;
  private static final int HOSTS = 200;

  private final Arena memory = Arena.ofConfined();
  private final Probe probe = new Probe();
  private long now = 5_000_000_000L;

  @AfterEach
  void giveMemoryBack() {
    memory.close();
  }

  private Napt napt(NatSettings settings) {
    return new Napt(
        OUTER, Ports.RANGES_OF_16, settings, memory, new Randomness(3, 4), new EventLog());
  }

  private static NatSettings adaptive(int sessionsMax, HostLimits limits) {
    var draft = new NatDraft(NatSettings.adaptive(Ports.RANGES_OF_16, sessionsMax));
    draft.hosts = limits;
    return draft.settings();
  }

  private static int hostOf(int session) {
    return HOST + session % HOSTS;
  }

  private static int portOf(int session) {
    return 1024 + session / HOSTS;
  }

  /// UDP-26, CGN-15, D-02: each session is an inside endpoint of its own; what comes back on each
  /// finds it.
  @ParameterizedTest
  @CsvSource({"1000, 1", "10, 100"})
  void holds65536SessionsOfEachProtocolWithoutAnAmbiguousReturn(int addresses, int ports) {
    var limits = new HostLimits(50, SESSIONS, 1_000_000);
    Napt napt = napt(adaptive(2 * SESSIONS, limits));
    var outer = new int[2][SESSIONS];
    for (int i = 0; i < SESSIONS; i++) {
      outer[0][i] = begin(napt, Protocol.TCP, i, addresses, ports);
      outer[1][i] = begin(napt, Protocol.UDP, i, addresses, ports);
    }
    assertThat(napt.sessions()).isEqualTo(2 * SESSIONS);
    for (int i = 0; i < SESSIONS; i++) {
      comesBack(napt, Protocol.TCP, i, outer[0][i], addresses, ports);
      comesBack(napt, Protocol.UDP, i, outer[1][i], addresses, ports);
    }
  }

  private static int remote(int session, int addresses) {
    return SERVER + session % addresses;
  }

  private static int remotePort(int session, int addresses, int ports) {
    return 443 + session / addresses % ports;
  }

  private int begin(Napt napt, int protocol, int session, int addresses, int ports) {
    int remote = remote(session, addresses);
    int remotePort = remotePort(session, addresses, ports);
    Packet packet =
        protocol == Protocol.TCP
            ? probe.tcp(hostOf(session), portOf(session), remote, remotePort, Tcp.SYN)
            : probe.udp(hostOf(session), portOf(session), remote, remotePort);
    assertThat(napt.outbound(packet, now))
        .as("session %d of %d passes", session, protocol)
        .isTrue();
    return packet.sourcePort();
  }

  private void comesBack(
      Napt napt, int protocol, int session, int outerPort, int addresses, int ports) {
    int remote = remote(session, addresses);
    int remotePort = remotePort(session, addresses, ports);
    Packet packet =
        protocol == Protocol.TCP
            ? probe.tcp(remote, remotePort, OUTER, outerPort, Tcp.SYN | Tcp.ACK)
            : probe.udp(remote, remotePort, OUTER, outerPort);
    assertThat(napt.inbound(packet, now)).isTrue();
    assertThat(packet.target()).as("host of session %d", session).isEqualTo(hostOf(session));
    assertThat(packet.targetPort()).isEqualTo(portOf(session));
  }

  /// SHR-01: 50 look-ups a second for 20 s, and a game that begins anew every second: it always
  /// gets its flow, and one port towards all whom it speaks to.
  @Test
  void neverStarvesAGameWhileNamesAreLookedUp() {
    Napt napt = napt(NatSettings.adaptive(Ports.RANGES_OF_16, 65_536));
    for (int i = 0; i < 1000; i++) {
      napt.outbound(probe.udp(HOST, 20_000 + i, SERVER, 53), now);
      now += 20;
      if (i % 100 == 0) {
        napt.tick(now);
      }
      if (i % 50 == 0) {
        playsAGame(napt, 5000 + i);
      }
    }
  }

  private void playsAGame(Napt napt, int port) {
    int console = HOST + 9;
    assertThat(napt.outbound(probe.udp(console, port, GAME_SERVER, 3478), now)).isTrue();
    int outer = probe.packet().sourcePort();
    assertThat(napt.inbound(probe.udp(GAME_SERVER, 3478, OUTER, outer), now)).isTrue();
    for (int friend = 1; friend <= 8; friend++) {
      assertThat(napt.outbound(probe.udp(console, port, GAME_SERVER + friend, 9000), now)).isTrue();
      assertThat(probe.packet().sourcePort()).as("towards friend %d", friend).isEqualTo(outer);
      assertThat(napt.inbound(probe.udp(GAME_SERVER + friend, 9000, OUTER, outer), now)).isTrue();
      assertThat(probe.packet().target()).isEqualTo(console);
    }
  }

  /// CGN-04, CGN-05, SHR-01, D-04: one host begins 100 flows each tenth of a second; each of 49
  /// others one a second, for a minute.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesToEveryHostItsFlowBesideAGreedyOne(boolean isAdaptive) {
    var draft = new NatDraft(NatSettings.adaptive(Ports.RANGES_OF_16, 65_536));
    draft.reservePercent = isAdaptive ? NatSettings.RESERVE_PERCENT_DEFAULT : 0;
    Napt napt = napt(draft.settings());
    int tries = 0;
    int passed = 0;
    for (int tenth = 0; tenth < 600; tenth++) {
      for (int i = 0; i < 100; i++) {
        napt.outbound(probe.udp(HOST, 1024 + tenth * 100 + i, SERVER + i, 443), now);
      }
      for (int host = tenth % 10 + 1; host <= 49; host += 10) {
        tries++;
        passed += napt.outbound(probe.udp(HOST + host, 5000, SERVER + tenth, 443), now) ? 1 : 0;
      }
      now += 100;
      napt.tick(now);
    }
    assertThat(tries).isGreaterThan(2900);
    assertThat(passed).isGreaterThanOrEqualTo(tries - tries / 1000);
  }
}
