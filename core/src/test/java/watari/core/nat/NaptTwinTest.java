package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.event.EventLog;
import watari.core.nat.SlowNapt.Endpoint;
import watari.core.nat.SlowNapt.SessionKey;
import watari.core.net.Seed;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.verdict.Drop;
import watari.core.wire.Icmp;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// The translation against its slow twin, on packets of a few hosts and servers in which ports and
/// sessions run out all the time. The port sets together see a million steps.
final class NaptTwinTest {
  /// Addresses with the highest bit set and without.
  private static final int OUTER = 0xc0000212;

  private static final int[] HOSTS = {0xc0a80102, 0xc0a801fe, 0x0a000001, 0x7f000001};
  private static final int[] REMOTES = {0x08080808, 0xcb007107, 0x80000001, 0xffffff01, 0x01000000};
  private static final int[] PROTOCOLS = {Protocol.TCP, Protocol.UDP, Protocol.ICMP};
  private static final int[] REMOTE_PORTS = {53, 443, 65_535, 0x8000};
  private static final int[] ERRORS = {
    Icmp.UNREACHABLE, Icmp.TIME_EXCEEDED, Icmp.PARAMETER_PROBLEM
  };
  private static final int[] FLAGS = {
    Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.ACK, Tcp.FIN | Tcp.ACK, Tcp.RST
  };

  private final SplittableRandom random = Seed.random();
  private final Probe probe = new Probe();
  private PortSet ports = PortSet.ALL;
  private int insidePorts;
  private long now;

  /// MAPE-01, MAPE-57, UDP-01, UDP-03, UDP-16, UDP-24, UDP-25, UDP-31, TCP-01, TCP-09, CGN-12,
  /// CGN-15
  @ParameterizedTest
  @CsvSource({
    // a, k, PSID, sessions, ports of a host, steps
    "4, 12, 0x567, 48, 9, 500000",
    "0, 16, 5001, 12, 3, 150000",
    "4, 8, 0x56, 90, 40, 100000",
    "0, 12, 0, 40, 12, 150000",
    "0, 0, 0, 30, 20, 100000",
  })
  void doesWhatItsSlowTwinDoes(
      int offset, int length, String psid, int sessionsMax, int insidePorts, int steps) {
    ports = new PortSet(offset, new Psid(Integer.decode(psid), length));
    this.insidePorts = insidePorts;
    try (var memory = Arena.ofConfined()) {
      var randomness = new Randomness(random.nextLong(), random.nextLong());
      var fast = new Napt(OUTER, ports, settings(sessionsMax), memory, randomness, new EventLog());
      var slow = new SlowNapt(ports, Timers.DEFAULT, sessionsMax);
      for (int i = 0; i < steps; i++) {
        step(fast, slow);
        checkCounts(fast, slow);
      }
    }
  }

  private NatSettings settings(int sessionsMax) {
    var draft = new NatDraft(NatSettings.strict(ports, Timers.DEFAULT, sessionsMax));
    draft.holdSeconds = 0;
    draft.pickup = Pickup.ALWAYS;
    return draft.settings();
  }

  private void step(Napt fast, SlowNapt slow) {
    passTime();
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4, 5, 6 -> outbound(fast, slow);
      case 7, 8, 9, 10, 11 -> inbound(fast, slow);
      case 12, 13 -> errorFromHome(fast, slow);
      case 14 -> errorFromLine(fast, slow);
      default -> sweep(fast, slow);
    }
  }

  private void passTime() {
    now +=
        switch (random.nextInt(100)) {
          case 0 -> random.nextInt(250_000);
          case 1 -> random.nextInt(30_000);
          case 2 -> random.nextInt(100) == 0 ? 7_440_000 : 0;
          default -> random.nextInt(500);
        };
  }

  private void checkCounts(Napt fast, SlowNapt slow) {
    assertThat(fast.sessions()).isEqualTo(slow.size());
    for (int protocol : PROTOCOLS) {
      assertThat(fast.freePorts(protocol)).isEqualTo(slow.free(protocol));
    }
  }

  private int any(int[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  /// Some are ports of the set and so could be kept.
  private Endpoint inside() {
    int number = random.nextInt(insidePorts);
    return new Endpoint(
        any(HOSTS), number % 3 == 0 ? ports.port(number % ports.size()) : 700 + number);
  }

  private Endpoint remote(int protocol) {
    return new Endpoint(any(REMOTES), protocol == Protocol.ICMP ? 0 : any(REMOTE_PORTS));
  }

  private void outbound(Napt fast, SlowNapt slow) {
    int protocol = any(PROTOCOLS);
    Endpoint inside = inside();
    Endpoint remote = remote(protocol);
    int flags = any(FLAGS);
    Packet packet = packet(protocol, inside, remote, flags, true);
    boolean passes = fast.outbound(packet, now);
    Optional<Drop> refusal =
        slow.outbound(protocol, inside, remote, flags, now, passes ? packet.sourcePort() : -1);
    check(fast, passes, refusal);
    if (passes) {
      Packet sent = probe.received();
      assertThat(sent.source()).isEqualTo(OUTER);
      assertThat(ports.contains(sent.sourcePort())).as("inside the set").isTrue();
      assertThat(sent.target()).isEqualTo(remote.address());
      checkPort(protocol, sent.targetPort(), remote.port());
    }
  }

  private static void checkPort(int protocol, int port, int expected) {
    if (protocol != Protocol.ICMP) {
      assertThat(port).isEqualTo(expected);
    }
  }

  private Packet packet(int protocol, Endpoint from, Endpoint to, int flags, boolean asks) {
    return protocol == Protocol.TCP
        ? probe.tcp(from.address(), from.port(), to.address(), to.port(), flags)
        : probe.any(protocol, from.address(), from.port(), to.address(), to.port(), asks);
  }

  private static void check(Napt fast, boolean passes, Optional<Drop> refusal) {
    assertThat(passes ? Optional.<Drop>empty() : Optional.of(fast.refusal())).isEqualTo(refusal);
  }

  /// Mostly a port that somebody has.
  private int outerPort(SlowNapt slow, int protocol) {
    var owned = slow.owners(protocol).keySet();
    return owned.isEmpty() || random.nextInt(8) == 0
        ? ports.port(random.nextInt(ports.size()))
        : owned.stream().skip(random.nextInt(owned.size())).findFirst().orElseThrow();
  }

  private void inbound(Napt fast, SlowNapt slow) {
    int protocol = any(PROTOCOLS);
    int outerPort = outerPort(slow, protocol);
    Endpoint remote = remote(protocol);
    int flags = any(FLAGS) & ~Tcp.RST;
    Packet packet = packet(protocol, remote, new Endpoint(OUTER, outerPort), flags, false);
    boolean passes = fast.inbound(packet, now);
    check(fast, passes, slow.inbound(protocol, outerPort, remote, flags, now));
    if (passes) {
      Packet sent = probe.received();
      assertThat(new Endpoint(sent.target(), sent.targetPort()))
          .isEqualTo(slow.owners(protocol).get(outerPort));
      assertThat(sent.source()).isEqualTo(remote.address());
      checkPort(protocol, sent.sourcePort(), remote.port());
    }
  }

  /// A host says something of a packet that came for it.
  private void errorFromHome(Napt fast, SlowNapt slow) {
    int protocol = any(PROTOCOLS);
    Endpoint inside = inside();
    Endpoint remote = remote(protocol);
    Packet packet =
        protocol == Protocol.ICMP
            ? error(inside.address(), remote, protocol, remote.address(), inside.port(), inside)
            : error(inside.address(), remote, protocol, remote.address(), remote.port(), inside);
    boolean passes = fast.outbound(packet, now);
    Integer outer = slow.outerPortOf(protocol, inside);
    Optional<Drop> refusal =
        outer == null
            ? Optional.of(Drop.ERROR_WITHOUT_SESSION)
            : slow.error(new SessionKey(protocol, outer, remote), false, now);
    check(fast, passes, refusal);
    if (passes && outer != null) {
      Packet sent = probe.received();
      assertThat(sent.source()).isEqualTo(OUTER);
      assertThat(sent.quoteTarget()).isEqualTo(OUTER);
      assertThat(sent.sourcePort()).isEqualTo(outer);
    }
  }

  private Packet error(int from, Endpoint to, int protocol, int source, int port, Endpoint target) {
    return probe.error(
        any(ERRORS), from, to.address(), protocol, source, port, target.address(), target.port());
  }

  /// Some router says something of a packet that we sent.
  private void errorFromLine(Napt fast, SlowNapt slow) {
    int protocol = any(PROTOCOLS);
    int outerPort = outerPort(slow, protocol);
    Endpoint remote = remote(protocol);
    int router = any(REMOTES);
    Packet packet = error(router, new Endpoint(OUTER, 0), protocol, OUTER, outerPort, remote);
    Endpoint owner = slow.owners(protocol).get(outerPort);
    boolean passes = fast.inbound(packet, now);
    check(fast, passes, slow.error(new SessionKey(protocol, outerPort, remote), true, now));
    if (passes) {
      Packet sent = probe.received();
      assertThat(sent.source()).isEqualTo(router);
      assertThat(new Endpoint(sent.target(), sent.targetPort())).isEqualTo(owner);
      assertThat(sent.quoteSource()).isEqualTo(sent.target());
    }
  }

  private void sweep(Napt fast, SlowNapt slow) {
    fast.sweep(now, Integer.MAX_VALUE);
    slow.sweep(now);
  }
}
