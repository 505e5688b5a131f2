package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.event.EventLog;
import watari.core.nat.Holding.Claim;
import watari.core.nat.SlowNapt.Endpoint;
import watari.core.nat.SlowNapt.Inside;
import watari.core.nat.SlowNapt.Mapping;
import watari.core.nat.SlowNapt.Refusal;
import watari.core.nat.SlowNapt.Sent;
import watari.core.nat.SlowNapt.Session;
import watari.core.nat.SlowNapt.SessionKey;
import watari.core.nat.SlowTcp.Segment;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Seed;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Icmp;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// The translation against its slow twin, on packets of a few hosts and servers in which ports and
/// sessions run out all the time: verdicts, bytes, counts, and who has what. The rows together see
/// a million steps. `-Dtwin.times=N` makes a run longer.
final class NaptTwinTest {
  private static final int TIMES = Integer.getInteger("twin.times", 1);

  /// Addresses with the highest bit set and without.
  private static final int OUTER = 0xc0000212;

  private static final int[] HOSTS = {0xc0a80102, 0xc0a801fe, 0x0a000001, 0x7f000001};
  private static final int[] REMOTES = {0x08080808, 0xcb007107, 0x80000001, 0xffffff01, 0x01000000};
  private static final int[] PROTOCOLS = {Protocol.TCP, Protocol.UDP, Protocol.ICMP};
  private static final int[] WITHOUT_PORTS = {47, 50, 254};
  private static final int[] REMOTE_PORTS = {53, 443, 65_535, 0x8000};
  private static final int[] ERRORS = {
    Icmp.UNREACHABLE, Icmp.TIME_EXCEEDED, Icmp.PARAMETER_PROBLEM
  };
  private static final int[] FLAGS = {
    Tcp.SYN,
    Tcp.SYN | Tcp.ACK,
    Tcp.ACK,
    Tcp.ACK,
    Tcp.FIN | Tcp.ACK,
    Tcp.FIN | Tcp.ACK,
    Tcp.RST,
    Tcp.RST | Tcp.ACK
  };
  private static final int SYN_ACK = Tcp.SYN | Tcp.ACK;
  private static final int[] NUMBERS = {0, 1, 0x7fffffff, 0x80000000, -1, 1 << 24};
  private static final Timers SHORT = new Timers(120, 10, 7440, 30, 20, 10, 60);

  private final SplittableRandom random = Seed.random();
  private final Probe probe = new Probe();
  private final Probe other = new Probe();
  private PortSet set = PortSet.ALL;
  private Napt fast = napt(NatSettings.strict(set, Timers.DEFAULT, 1), Arena.ofAuto());
  private SlowNapt slow = new SlowNapt(set, fast.settings());
  private MemoryCarrier carrier = new MemoryCarrier(OUTER, 0);
  private int insidePorts;
  private boolean changes;
  private long now;

  /// MAPE-01, MAPE-57, MAPE-59, UDP-01, UDP-03, UDP-05, UDP-10, UDP-12, UDP-13, UDP-14, UDP-16,
  /// UDP-24, UDP-25, UDP-26, UDP-31, TCP-01, TCP-03, TCP-04, TCP-07, TCP-09, TCP-10, TCP-13,
  /// TCP-14, TCP-15, TCP-20, CGN-01, CGN-04, CGN-05, CGN-08, CGN-12, CGN-15, ICMP-09, ICMP-10,
  /// ICMP-12, PRT-01, PRT-04, PRT-05, PCP-30
  @ParameterizedTest
  @CsvSource({
    // a, k, PSID, sessions, ports of a host, kind, steps
    "4, 12, 0x567, 48, 9, strict, 200000",
    "4, 12, 0x567, 60, 14, adaptive, 250000",
    "0, 12, 0, 90, 30, open, 100000",
    "4, 12, 0x567, 50, 12, limited, 150000",
    "4, 12, 0x00e, 40, 10, changing, 200000",
    "0, 16, 5001, 12, 3, strict, 47000",
    "0, 15, 2675, 16, 4, changing, 40000",
    "4, 8, 0x4d, 300, 100, adaptive, 10000",
    "0, 0, 0, 30, 6, whole, 3000",
  })
  void doesWhatItsSlowTwinDoes(
      int offset,
      int length,
      String psid,
      int sessionsMax,
      int insidePorts,
      String kind,
      int steps) {
    run(offset, length, psid, sessionsMax, insidePorts, kind, steps);
  }

  /// What somebody else carries changes nothing of what a session is and how long it lives.
  ///
  /// UDP-09, UDP-10, TCP-15, CGN-15
  @ParameterizedTest
  @CsvSource({
    // a, k, PSID, sessions, ports of a host, kind, steps, flows carried at most
    "4, 12, 0x567, 48, 9, strict, 200000, 100",
    "4, 12, 0x567, 60, 14, adaptive, 200000, 20",
    "0, 12, 0, 90, 30, open, 100000, 100",
    "4, 12, 0x00e, 40, 10, changing, 200000, 100",
  })
  void doesSoToo_whereSomebodyElseCarriesWhatIsSettled(
      int offset,
      int length,
      String psid,
      int sessionsMax,
      int insidePorts,
      String kind,
      int steps,
      int flowsMax) {
    carrier = new MemoryCarrier(OUTER, flowsMax);
    run(offset, length, psid, sessionsMax, insidePorts, kind, steps);
    assertThat(carrier.carried).isGreaterThan(steps / 40);
  }

  private void run(
      int offset,
      int length,
      String psid,
      int sessionsMax,
      int insidePorts,
      String kind,
      int steps) {
    set = new PortSet(offset, new Psid(Integer.decode(psid), length));
    this.insidePorts = insidePorts;
    changes = kind.equals("changing");
    try (var memory = Arena.ofConfined()) {
      NatSettings settings = settings(kind, sessionsMax);
      fast = napt(settings, memory);
      if (carrier.flowsMax > 0) {
        fast.carryBy(carrier, now);
      }
      slow = new SlowNapt(set, settings);
      slow.ports.isFreeNow = fast::isFree;
      slow.ports.isOwnedNow = (protocol, port) -> fast.ofPort(protocol, port, now).isPresent();
      for (int i = 0; i < steps * TIMES; i++) {
        step(i);
      }
    }
  }

  private Napt napt(NatSettings settings, Arena memory) {
    var randomness = new Randomness(random.nextLong(), random.nextLong());
    return new Napt(OUTER, set, settings, memory, randomness, new EventLog());
  }

  private NatSettings settings(String kind, int sessionsMax) {
    var draft = new NatDraft(NatSettings.strict(set, Timers.DEFAULT, sessionsMax));
    switch (kind) {
      case "adaptive" -> draft.reservePercent = 40;
      case "open" -> {
        draft.reservePercent = 30;
        draft.udpFiltering = Filtering.ENDPOINT_INDEPENDENT;
        draft.inboundRefresh = false;
        draft.dmz = Optional.of(new Ipv4Address(HOSTS[2]));
      }
      case "limited" -> {
        draft.reservePercent = 20;
        draft.pickup = Pickup.ALWAYS;
        draft.hosts = new HostLimits(30, 9, 1);
        draft.timers = SHORT;
      }
      case "whole" -> draft.dmz = Optional.of(new Ipv4Address(HOSTS[1]));
      default -> draft.holdSeconds = changes ? 30 : 120;
    }
    return draft.settings();
  }

  private void step(int number) {
    passTime();
    try {
      act();
      assertThat(fast.sessions()).as("sessions").isEqualTo(slow.sessions.size());
      if (number % 7 == 0 && !set.isAll()) {
        checkCounts();
      }
      if (number % 50 == 0) {
        checkAll();
      }
    } catch (RuntimeException | AssertionError wrong) {
      throw new AssertionError("step " + number, wrong);
    }
  }

  private void act() {
    if (carrier.flowsMax > 0 && random.nextInt(3) > 0) {
      speakAgain();
      return;
    }
    switch (random.nextInt(40)) {
      case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> outbound(protocol());
      case 13, 14, 15, 16, 17, 18, 19, 20, 21, 22 -> inbound(protocol());
      case 23, 24 -> hairpin();
      case 25, 26 -> errorFromHome();
      case 27, 28 -> errorFromLine();
      case 29, 30 -> reserve();
      case 31 -> release();
      case 32 -> filter();
      case 33 -> become();
      case 34 -> hairpinError();
      default -> tick();
    }
  }

  private void passTime() {
    now +=
        switch (random.nextInt(200)) {
          case 0 -> random.nextInt(250_000);
          case 1, 2 -> random.nextInt(30_000);
          case 3 -> random.nextInt(100) == 0 ? 7_440_000 : 0;
          default -> random.nextInt(500);
        };
  }

  private int any(int[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> T any(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private int protocol() {
    return set.isAll() && random.nextInt(4) == 0 ? any(WITHOUT_PORTS) : any(PROTOCOLS);
  }

  // ---- who and where -------------------------------------------------------------------------

  /// Some have ports of the set and so could keep them.
  private Endpoint inside() {
    int number = random.nextInt(insidePorts);
    return new Endpoint(
        any(HOSTS), number % 3 == 0 ? set.port(number % set.size()) | 1 : 700 + number);
  }

  private Endpoint remote(int protocol) {
    boolean hasPort = protocol == Protocol.TCP || protocol == Protocol.UDP;
    return new Endpoint(any(REMOTES), hasPort ? any(REMOTE_PORTS) : 0);
  }

  /// Mostly a port that somebody has.
  private int outerPort(int protocol) {
    List<Integer> used = List.copyOf(slow.ports.used(protocol));
    return used.isEmpty() || random.nextInt(8) == 0
        ? set.port(random.nextInt(set.size()))
        : used.get(random.nextInt(used.size()));
  }

  private @Nullable Session session(int protocol, Endpoint inside, Endpoint remote) {
    for (Session session : slow.sessions.values()) {
      boolean isBetween = session.inside.equals(inside) && session.key.remote().equals(remote);
      if (isBetween && session.key.protocol() == protocol) {
        return session;
      }
    }
    return null;
  }

  /// Numbers that fit, that nearly fit, and others.
  private Segment segment(@Nullable Session session) {
    int fitting = session == null ? 1000 : session.tcp.fitting();
    int sequence =
        switch (random.nextInt(4)) {
          case 0 -> fitting;
          case 1 -> fitting + any(NUMBERS);
          case 2 -> any(NUMBERS);
          default -> random.nextInt();
        };
    int acknowledged = random.nextBoolean() && session != null ? session.tcp.sent() : 0;
    return new Segment(any(FLAGS), sequence, acknowledged, Probe.PAYLOAD);
  }

  private static Packet write(Probe probe, Sent sent, int identifier) {
    Endpoint from = sent.from();
    Endpoint to = sent.to();
    return switch (sent.protocol()) {
      case Protocol.TCP ->
          probe.segment(
              from.address(),
              from.port(),
              to.address(),
              to.port(),
              sent.segment().flags(),
              sent.segment().sequence(),
              sent.segment().acknowledgement());
      case Protocol.UDP -> probe.udp(from.address(), from.port(), to.address(), to.port());
      case Protocol.ICMP ->
          sent.isRequest()
              ? probe.echo(from.address(), to.address(), identifier)
              : probe.echoReply(from.address(), to.address(), identifier);
      default -> probe.portless(sent.protocol(), from.address(), to.address());
    };
  }

  /// What the slow twin says too; its session if the packet passes.
  private Optional<Session> agreed(boolean passes, Supplier<Session> twin) {
    try {
      Session session = twin.get();
      assertThat(passes ? null : fast.refusal()).as("refused").isNull();
      return Optional.of(session);
    } catch (Refusal refusal) {
      assertThat(passes ? null : fast.refusal()).isEqualTo(refusal.why);
      return Optional.empty();
    }
  }

  private void checkSent(Packet expected) {
    assertThat(expected).isNotNull();
    assertThat(probe.bytes()).isEqualTo(other.bytes());
  }

  // ---- packets -------------------------------------------------------------------------------

  /// One more packet of some session.
  private void speakAgain() {
    List<Session> all = List.copyOf(slow.sessions.values());
    if (all.isEmpty()) {
      return;
    }
    Session session = all.get(random.nextInt(all.size()));
    int protocol = session.key.protocol();
    Endpoint remote = session.key.remote();
    if (random.nextBoolean()) {
      outbound(new Sent(protocol, session.inside, remote, next(session), isAsking()));
    } else {
      inbound(session.key.outerPort(), protocol, remote, next(session));
    }
  }

  /// A connection opens, goes on for long, and comes to an end.
  private Segment next(Session session) {
    int flags = random.nextInt(6) == 0 ? any(FLAGS) : random.nextInt(4) == 0 ? SYN_ACK : Tcp.ACK;
    int number = session.tcp.fitting() + random.nextInt(10);
    return random.nextInt(8) == 0
        ? segment(session)
        : new Segment(flags, number, number + random.nextInt(3), Probe.PAYLOAD);
  }

  private void outbound(int protocol) {
    Endpoint inside = protocol < 20 ? inside() : new Endpoint(any(HOSTS), 0);
    Endpoint remote = remote(protocol);
    Segment segment = segment(session(protocol, inside, remote));
    outbound(new Sent(protocol, inside, remote, segment, isAsking()));
  }

  private void outbound(Sent sent) {
    int protocol = sent.protocol();
    Endpoint inside = sent.from();
    Endpoint remote = sent.to();
    Packet packet = write(probe, sent, inside.port());
    boolean passes = carrier.carriesOut(packet, now) || fast.outbound(packet, now);
    slow.ports.chosen = passes ? packet.sourcePort() : -1;
    agreed(passes, () -> slow.outbound(sent, slow.ports.chosen, now))
        .ifPresent(session -> {
          int port = session.key.outerPort();
          assertThat(set.contains(port)).as("inside the set").isTrue();
          var from = new Endpoint(OUTER, port);
          checkSent(
              write(
                  other, new Sent(protocol, from, remote, sent.segment(), sent.isRequest()), port));
        });
  }

  private boolean isAsking() {
    return random.nextInt(3) > 0;
  }

  private void inbound(int protocol) {
    int port = protocol < 20 ? outerPort(protocol) : 0;
    Endpoint remote = remote(protocol);
    inbound(
        port, protocol, remote, segment(slow.sessions.get(new SessionKey(protocol, port, remote))));
  }

  private void inbound(int port, int protocol, Endpoint remote, Segment segment) {
    slow.ports.chosen = port;
    var to = new Endpoint(OUTER, port);
    var sent = new Sent(protocol, remote, to, segment, random.nextInt(4) == 0);
    Packet packet = write(probe, sent, port);
    boolean passes = carrier.carriesIn(packet, now) || fast.inbound(packet, now);
    agreed(passes, () -> slow.inbound(sent, false, now))
        .ifPresent(session -> {
          Endpoint inside = session.inside;
          var arrived = new Sent(protocol, remote, inside, sent.segment(), sent.isRequest());
          checkSent(write(other, arrived, inside.port()));
        });
  }

  private void hairpin() {
    int protocol = random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
    Endpoint inside = inside();
    var to = new Endpoint(OUTER, outerPort(protocol));
    var sent = new Sent(protocol, inside, to, segment(session(protocol, inside, to)), true);
    Packet packet = write(probe, sent, 0);
    boolean passes = fast.hairpin(packet, now);
    slow.ports.chosen = packet.source() == OUTER ? packet.sourcePort() : -1;
    var out = new ArrayList<Session>();
    agreed(
            passes,
            () -> {
              List<Session> both = slow.hairpin(sent, OUTER, slow.ports.chosen, now);
              out.add(both.getFirst());
              return both.getLast();
            })
        .ifPresent(session -> {
          var from = new Endpoint(OUTER, out.getFirst().key.outerPort());
          checkSent(
              write(other, new Sent(protocol, from, session.inside, sent.segment(), true), 0));
        });
  }

  private static Packet error(
      Probe probe, int type, int from, int to, int protocol, Endpoint source, Endpoint target) {
    int port = protocol == Protocol.ICMP && source.port() == 0 ? target.port() : source.port();
    return probe.error(
        type, from, to, protocol, source.address(), port, target.address(), target.port());
  }

  /// A host says something of a packet that came for it.
  private void errorFromHome() {
    slow.ports.chosen = -1;
    int protocol = any(PROTOCOLS);
    int type = any(ERRORS);
    Endpoint inside = inside();
    Endpoint remote = remote(protocol);
    int router = any(HOSTS);
    boolean passes =
        fast.outbound(error(probe, type, router, remote.address(), protocol, remote, inside), now);
    agreed(passes, () -> slow.errorFromHome(protocol, inside, remote, now))
        .ifPresent(session -> {
          var outer = new Endpoint(OUTER, session.key.outerPort());
          checkSent(error(other, type, OUTER, remote.address(), protocol, remote, outer));
        });
  }

  /// Some router says something of a packet that we sent.
  private void errorFromLine() {
    slow.ports.chosen = -1;
    int protocol = any(PROTOCOLS);
    int type = any(ERRORS);
    var outer = new Endpoint(OUTER, outerPort(protocol));
    Endpoint remote = remote(protocol);
    int router = any(REMOTES);
    boolean passes = fast.inbound(error(probe, type, router, OUTER, protocol, outer, remote), now);
    var key = new SessionKey(protocol, outer.port(), remote);
    agreed(passes, () -> slow.errorFromLine(key, now))
        .ifPresent(session ->
            checkSent(
                error(
                    other,
                    type,
                    router,
                    session.inside.address(),
                    protocol,
                    session.inside,
                    remote)));
  }

  /// A host says something of a packet that another host sent it by way of the outer address.
  private void hairpinError() {
    slow.ports.chosen = -1;
    int protocol = random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
    int type = any(ERRORS);
    Endpoint inside = inside();
    var sender = new Endpoint(OUTER, outerPort(protocol));
    boolean passes =
        fast.hairpin(error(probe, type, inside.address(), OUTER, protocol, sender, inside), now);
    var back = new ArrayList<Endpoint>();
    agreed(
            passes,
            () -> {
              Session reporter = slow.errorFromHome(protocol, inside, sender, now);
              var outer = new Endpoint(OUTER, reporter.key.outerPort());
              back.add(outer);
              return slow.errorFromLine(new SessionKey(protocol, sender.port(), outer), now);
            })
        .ifPresent(session ->
            checkSent(
                error(
                    other,
                    type,
                    OUTER,
                    session.inside.address(),
                    protocol,
                    session.inside,
                    back.getFirst())));
  }

  // ---- everything else -----------------------------------------------------------------------

  private void tick() {
    slow.ports.chosen = -1;
    fast.tick(now);
    slow.tick(now);
  }

  private void reserve() {
    Endpoint inside = inside();
    int wanted =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> any(new int[] {5350, 5351, 80, 65_535});
          default -> set.port(random.nextInt(set.size()));
        };
    var wish =
        new Wish(
            random.nextBoolean() ? Protocol.TCP : Protocol.UDP,
            inside.address(),
            inside.port(),
            Claim.EXPLICIT,
            wanted,
            wanted != 0 && random.nextBoolean());
    Grant grant = fast.reserve(wish, now);
    slow.ports.chosen = grant instanceof Grant.Given(int port) ? port : -1;
    assertThat(grant).isEqualTo(slow.reservations.reserve(wish, slow.ports.chosen, now));
  }

  private void release() {
    slow.ports.chosen = -1;
    int protocol = random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
    int port = outerPort(protocol);
    Mapping owner = slow.ports.owner(protocol, port);
    if (owner == null || owner.claim != Claim.FORWARD) {
      assertThat(fast.release(protocol, port, now))
          .isEqualTo(slow.reservations.release(protocol, port, now));
    }
  }

  private void filter() {
    int protocol = random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
    int port = outerPort(protocol);
    List<RemoteFilter> filters =
        random.nextInt(3) == 0
            ? List.of()
            : List.of(
                new RemoteFilter(new Ipv4Prefix(any(REMOTES), 32), 0),
                new RemoteFilter(new Ipv4Prefix(0x80000000, 1), any(REMOTE_PORTS)));
    fast.filter(protocol, port, filters);
    slow.reservations.filter(protocol, port, filters);
  }

  private void become() {
    if (!changes || random.nextInt(4) > 0) {
      return;
    }
    slow.ports.chosen = -1;
    NatSettings next = another();
    fast.become(next, now);
    slow.become(next, now);
  }

  private NatSettings another() {
    var draft = new NatDraft(slow.settings);
    draft.reservePercent = 30 * random.nextInt(3);
    draft.tcpFiltering = any(Filtering.values());
    draft.udpFiltering = any(Filtering.values());
    draft.inboundRefresh = random.nextBoolean();
    draft.holdSeconds = any(new int[] {0, 10, 120});
    draft.pickup = any(Pickup.values());
    draft.timers = random.nextBoolean() ? SHORT : Timers.DEFAULT;
    draft.hosts = random.nextInt(3) == 0 ? new HostLimits(30, 9, 1_000_000) : HostLimits.NONE;
    draft.dmz =
        random.nextInt(3) == 0 ? Optional.of(new Ipv4Address(any(HOSTS))) : Optional.empty();
    draft.forwards = forwards();
    return draft.settings();
  }

  private List<Forward> forwards() {
    var forwards = new ArrayList<Forward>();
    for (int i = random.nextInt(1, 3); i < set.size() && forwards.size() < 3; i += 4) {
      int protocol = random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
      forwards.add(new Forward(protocol, set.port(i), new Ipv4Address(any(HOSTS)), 700 + i));
    }
    return forwards;
  }

  // ---- what must hold ------------------------------------------------------------------------

  private void checkCounts() {
    assertThat(fast.sessions()).isLessThanOrEqualTo(slow.settings.sessionsMax());
    for (int protocol : PROTOCOLS) {
      assertThat(fast.freePorts(protocol)).as("free").isEqualTo(slow.ports.free(protocol).size());
      assertThat(fast.heldPorts(protocol))
          .as("resting")
          .isEqualTo(slow.ports.resting(protocol).size());
    }
  }

  private void checkAll() {
    for (Session session : slow.sessions.values()) {
      SessionKey key = session.key;
      boolean isThere =
          fast.hasSession(
              key.protocol(),
              key.outerPort(),
              key.remote().address(),
              key.remote().port(),
              session.last);
      assertThat(isThere).as("a session lives under the port it began with").isTrue();
    }
    for (Mapping mapping : slow.mappings.values()) {
      Inside inside = mapping.inside;
      var endpoint = inside.endpoint();
      assertThat(fast.ofEndpoint(inside.protocol(), endpoint.address(), endpoint.port(), now))
          .isEqualTo(slow.reservations.holding(inside, now));
    }
    for (int protocol : PROTOCOLS) {
      assertThat(fast.sharedPorts(protocol)).isEqualTo(slow.ports.shared(protocol).size());
      checkPorts(protocol);
    }
    checkHosts();
  }

  private void checkPorts(int protocol) {
    List<Integer> resting = slow.ports.resting(protocol);
    for (int port : slow.ports.used(protocol)) {
      Mapping owner = slow.ports.owner(protocol, port);
      assertThat(fast.ofPort(protocol, port, now))
          .isEqualTo(
              owner == null ? Optional.empty() : slow.reservations.holding(owner.inside, now));
      assertThat(fast.isFree(protocol, port)).isFalse();
    }
    for (int port : resting) {
      assertThat(fast.isFree(protocol, port)).as("rests").isFalse();
    }
  }

  private void checkHosts() {
    for (HostUse use : fast.hosts()) {
      int host = use.address().bits();
      assertThat(use.begun()).isEqualTo(slow.countOf(host, false));
      assertThat(use.heard()).isEqualTo(slow.countOf(host, true));
      assertThat(use.tcpPorts()).isEqualTo(slow.ports.owned(host, Protocol.TCP));
      assertThat(use.udpPorts()).isEqualTo(slow.ports.owned(host, Protocol.UDP));
      assertThat(use.icmpPorts()).isEqualTo(slow.ports.owned(host, Protocol.ICMP));
    }
  }
}
