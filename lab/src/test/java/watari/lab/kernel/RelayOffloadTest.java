package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.Relay;
import watari.core.path.RelaySettings;
import watari.core.path.Routing;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.DomainTallies;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Icmpv6;
import watari.core.wire.Ipv6;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.Cidr;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.SharedArrays;
import watari.host.offload.Counts;
import watari.host.offload.HopMaps;
import watari.host.offload.Program;
import watari.host.offload.ProgramSettings;
import watari.host.offload.RelayPrograms;
import watari.host.offload.RuleMaps;
import watari.lab.NeedsNamespaces;
import watari.lab.kernel.ProgramRuns.Fate;

/// The programs of the relay and its Java, on the same packets: what a program sends, Java would
/// have sent, byte for byte; what it leaves alone, it leaves as it was.
@NeedsNamespaces
final class RelayOffloadTest {
  private static final int PACKETS = Integer.getInteger("watari.packets", 500_000);
  private static final long SEED = Long.getLong("watari.seed", new Random().nextLong());

  private static final int ETHERNET = 14;
  private static final int FRAME_MAX = 2048;
  private static final int HEADROOM = 64;
  private static final int LINE_MTU = 1500;
  private static final int NARROW_MTU = 600;
  private static final int INNER_TARGET = ETHERNET + 40 + 16;
  private static final Cidr GONE = Cidr.of(Ipv4Address.parse("203.0.200.0"), 24);

  private final Random random = new Random(SEED);
  private final RuleTable table = new RuleTable(domains());
  private final OffloadPackets packets = new OffloadPackets(table, random);
  private final List<byte[]> toInternet = new ArrayList<>();
  private final List<byte[]> toLine = new ArrayList<>();
  private final Relay relay =
      new Relay(
          new RelaySettings(table, LINE_MTU, Ipv4Address.parse("203.0.113.1"), Routing.OURS),
          (at, length) -> toInternet.add(Slab.copy(at, length)),
          (at, length) -> toLine.add(Slab.copy(at, length)),
          new Randomness(SEED, 1));
  private final long slab = Slab.take(FRAME_MAX + HEADROOM);
  private final Arena arena = Arena.ofConfined();
  private final Bpf bpf = new Bpf();
  private final SharedArrays arrays = new SharedArrays(bpf);
  private final RuleMaps rules;
  private final HopMaps hops;
  private final ProgramSettings settings;
  private final Counts counts = new Counts("watari_counts");
  private ProgramRuns runs = new ProgramRuns(bpf, Hook.XDP, arena);
  private int program = -1;
  private int taken;

  RelayOffloadTest() throws KernelException {
    rules = RuleMaps.of(arrays, table);
    settings = ProgramSettings.create(arrays);
    settings.shape(LINE_MTU - 40, 0xff, 0, 64);
    hops = HopMaps.create(arrays, table, rules, 1 << 17);
    assertThat(hops.lead(OneRouter.nextHops(LINE_MTU))).isTrue();
    hops.receiveAt(List.of(ProgramRuns.DEVICE));
  }

  @BeforeEach
  void say() {
    System.out.println("random packets of -Dwatari.seed=" + SEED);
  }

  @AfterEach
  void close() {
    if (program >= 0) {
      int _ = new Libc().close(program);
    }
    counts.close();
    arrays.close();
    relay.close();
    Slab.give(slab, FRAME_MAX + HEADROOM);
    arena.close();
  }

  private static List<MapDomain> domains() {
    return List.of(
        domain(
            "2001:db8:ffff::1",
            rule("2001:db8::/40", "192.0.2.0/24", 16, 4, Psid.NONE, Layout.RFC7597),
            rule("2001:db8:8000::/40", "198.51.100.0/24", 8, 0, Psid.NONE, Layout.RFC7597),
            rule("2001:db8:c000::/60", "198.51.101.0/24", 12, 6, Psid.NONE, Layout.RFC7597),
            rule("2001:db8:c001::/72", "198.51.102.0/24", 16, 6, Psid.NONE, Layout.RFC7597),
            rule("2001:db8:d000::/40", "198.51.104.0/21", 4, 0, Psid.NONE, Layout.RFC7597)),
        domain(
            "2001:db8:fffe::1",
            rule("240b:10::/31", "106.72.0.0/15", 25, 4, Psid.NONE, Layout.DRAFT_03),
            rule("240b:250::/32", "14.10.128.0/17", 20, 6, Psid.NONE, Layout.DRAFT_03),
            rule("240b:300::/48", "14.9.8.7/32", 0, 4, new Psid(0x34, 8), Layout.DRAFT_03)));
  }

  private static MapDomain domain(String relay, MapRule... rules) {
    return new MapDomain(relay, Ipv6Address.parse(relay), false, Confidence.GIVEN, List.of(rules));
  }

  private static MapRule rule(
      String ipv6, String ipv4, int ea, int offset, Psid psid, Layout layout) {
    return new MapRule(Ipv6Prefix.parse(ipv6), Ipv4Prefix.parse(ipv4), ea, offset, psid, layout);
  }

  /// The way of Java, for a packet behind its Ethernet header.
  private interface Way {
    Verdict take(long at, int available, long now);
  }

  @ParameterizedTest
  @EnumSource
  void downstreamProgramAndJavaAgree(Hook hook) throws KernelException {
    load(hook, RelayPrograms.downstream(hook, rules, hops, settings, counts.place(bpf, table)));
    for (int i = 0; i < PACKETS; i++) {
      demandSame(packets.fromInternet(), relay::downstream, toLine);
    }
    assertThat(taken).isBetween(PACKETS / 5, PACKETS * 4 / 5);
    demandCounted(relay.downstreamTallies(), Pass.SENT, Drop.TARGET_PORT_EXCLUDED);
  }

  @ParameterizedTest
  @EnumSource
  void upstreamProgramAndJavaAgree(Hook hook) throws KernelException {
    load(hook, RelayPrograms.upstream(hook, rules, hops, settings, counts.place(bpf, table)));
    for (int i = 0; i < PACKETS; i++) {
      demandSame(packets.fromLine(), relay::upstream, toInternet);
    }
    assertThat(taken).isBetween(PACKETS / 5, PACKETS * 4 / 5);
    demandCounted(
        relay.upstreamTallies(), Pass.SENT, Drop.SUBSCRIBER_SPOOFED, Drop.SOURCE_PORT_EXCLUDED);
  }

  /// Rules that held before: other ports in a prefix that stays, another prefix of subscribers, and
  /// one that is gone.
  private static RuleTable former() {
    return new RuleTable(
        List.of(
            domain(
                "2001:db8:ffff::1",
                rule("2001:db8::/40", "192.0.2.0/24", 16, 6, Psid.NONE, Layout.RFC7597),
                rule("2001:db8:e000::/40", "198.51.100.0/24", 8, 0, Psid.NONE, Layout.RFC7597),
                rule("2001:db8:f000::/40", "203.0.200.0/24", 16, 6, Psid.NONE, Layout.RFC7597))));
  }

  private Relay changed(RuleTable former) {
    var changed =
        new Relay(
            new RelaySettings(former, LINE_MTU, Ipv4Address.parse("203.0.113.1"), Routing.OURS),
            (at, length) -> toInternet.add(Slab.copy(at, length)),
            (at, length) -> toLine.add(Slab.copy(at, length)),
            new Randomness(SEED, 1));
    changed.become(table);
    settings.beLenient(true);
    assertThat(hops.lead(OneRouter.nextHops(LINE_MTU, GONE))).isTrue();
    return changed;
  }

  /// What the new rules refuse is Java's, where those of before may let it pass.
  @ParameterizedTest
  @EnumSource
  void downstreamProgramAndJavaAgreeWhileRulesOfBeforeAreAccepted(Hook hook)
      throws KernelException {
    load(hook, RelayPrograms.downstream(hook, rules, hops, settings, counts.place(bpf, table)));
    var former = former();
    var before = new OffloadPackets(former, random);
    int byFormer = 0;
    try (var changed = changed(former)) {
      for (int i = 0; i < PACKETS / 5; i++) {
        byte[] frame = random.nextBoolean() ? packets.fromInternet() : before.fromInternet();
        byFormer += demandSameOrJavas(frame, changed::downstream, relay::downstream, toLine);
      }
    }
    assertThat(byFormer).isPositive();
    assertThat(taken).isPositive();
  }

  /// The same from the line; and what goes to whom only the rules of before know is Java's.
  @ParameterizedTest
  @EnumSource
  void upstreamProgramAndJavaAgreeWhileRulesOfBeforeAreAccepted(Hook hook) throws KernelException {
    load(hook, RelayPrograms.upstream(hook, rules, hops, settings, counts.place(bpf, table)));
    var former = former();
    var before = new OffloadPackets(former, random);
    int byFormer = 0;
    try (var changed = changed(former)) {
      for (int i = 0; i < PACKETS / 5; i++) {
        byte[] frame = random.nextBoolean() ? packets.fromLine() : before.fromLine();
        if (random.nextInt(8) == 0 && frame.length >= INNER_TARGET + 8) {
          ByteBuffer.wrap(frame).putInt(INNER_TARGET, (int) GONE.low() | random.nextInt(256));
          OffloadPackets.seal(frame, ETHERNET + 40);
        }
        byFormer += demandSameOrJavas(frame, changed::upstream, relay::upstream, toInternet);
      }
    }
    assertThat(byFormer).isPositive();
    assertThat(taken).isPositive();
  }

  /// @return 1 where the program leaves to Java what only rules of before let pass
  private int demandSameOrJavas(byte[] frame, Way changed, Way alone, List<byte[]> sent)
      throws KernelException {
    int before = taken;
    demandSame(frame, changed, sent);
    if (taken > before) {
      assertThat(toInternet.size() + toLine.size()).as("what the kernel has taken").isOne();
      return 0;
    }
    int length = ProgramRuns.packet(frame).length;
    Slab.write(slab + HEADROOM, frame, ETHERNET, length);
    var verdict = changed.take(slab + HEADROOM, length, 1_000);
    Slab.write(slab + HEADROOM, frame, ETHERNET, length);
    return verdict == Pass.SENT && alone.take(slab + HEADROOM, length, 1_000) != Pass.SENT ? 1 : 0;
  }

  /// A path that carries less than the line is Java's from then on, as far as packets are longer
  /// than what every path carries.
  @ParameterizedTest
  @EnumSource
  void longPacketsToNarrowPathsAreLeftToJava(Hook hook) throws KernelException {
    load(hook, RelayPrograms.downstream(hook, rules, hops, settings, counts.place(bpf, table)));
    int left = 0;
    for (int i = 0; i < PACKETS / 50; i++) {
      byte[] frame = packets.fromInternet();
      int before = taken;
      demandSame(frame, relay::downstream, toLine);
      if (taken > before && toLine.size() == 1 && toLine.getFirst().length > 1280) {
        tellNarrow(toLine.getFirst());
        settings.narrow(relay.narrowPaths());
        assertThat(runs.run(program, frame).fate()).isEqualTo(Fate.PASSES);
        left++;
      }
    }
    assertThat(left).isPositive();
  }

  /// So long a packet the kernel answers or cuts, as a router does.
  @ParameterizedTest
  @EnumSource
  void whatTheNextHopDoesNotTakeInOnePieceIsLeft(Hook hook) throws KernelException {
    assertThat(hops.lead(OneRouter.nextHops(NARROW_MTU))).isTrue();
    load(hook, RelayPrograms.downstream(hook, rules, hops, settings, counts.place(bpf, table)));
    demandNarrow(packets::fromInternet);
    int _ = new Libc().close(program);
    load(hook, RelayPrograms.upstream(hook, rules, hops, settings, counts.place(bpf, table)));
    demandNarrow(packets::fromLine);
  }

  private void demandNarrow(Supplier<byte[]> frames) throws KernelException {
    int longest = 0;
    for (int i = 0; i < PACKETS / 50; i++) {
      var outcome = runs.run(program, frames.get());
      if (outcome.fate() == Fate.SENT) {
        longest = Math.max(longest, outcome.frame().length - ETHERNET);
      }
    }
    assertThat(longest).isBetween(NARROW_MTU - 100, NARROW_MTU);
  }

  private void load(Hook hook, Program written) throws KernelException {
    program = bpf.load(hook, written.name(), written.code());
    runs = new ProgramRuns(bpf, hook, arena);
  }

  /// A router of the line says that this packet of the relay's was too big.
  private void tellNarrow(byte[] packet) {
    long at = slab + HEADROOM;
    int quoted = Math.min(packet.length, 1232);
    var sent = ByteBuffer.wrap(packet);
    Ipv6.write(
        at,
        0,
        Icmpv6.HEADER + quoted,
        Protocol.ICMPV6,
        64,
        OneRouter.IPV6.high(),
        OneRouter.IPV6.low(),
        sent.getLong(8),
        sent.getLong(16));
    Slab.write(at + Ipv6.HEADER + Icmpv6.HEADER, packet, 0, quoted);
    Icmpv6.write(at, Icmpv6.PACKET_TOO_BIG, 0, 1280);
    relay.upstream(at, Ipv6.HEADER + Icmpv6.HEADER + quoted, 1_000);
    assertThat(relay.narrowPaths()).isNotEmpty();
  }

  private void demandSame(byte[] frame, Way way, List<byte[]> sent) throws KernelException {
    var outcome = runs.run(program, frame);
    byte[] after = outcome.frame();
    assertThat(outcome.fate() == Fate.PASSES || ProgramRuns.isOwn(frame)).isTrue();
    if (outcome.fate() == Fate.PASSES) {
      assertThat(after).isEqualTo(frame);
      return;
    }
    taken++;
    toInternet.clear();
    toLine.clear();
    int length = ProgramRuns.packet(frame).length;
    Slab.write(slab + HEADROOM, frame, ETHERNET, length);
    var verdict = way.take(slab + HEADROOM, length, 1_000);
    if (outcome.fate() == Fate.DROPPED) {
      assertThat(verdict).isInstanceOf(Drop.class);
      assertThat(toInternet.size() + toLine.size()).isZero();
      return;
    }
    assertThat(outcome.fate()).isEqualTo(Fate.SENT);
    assertThat(verdict).isEqualTo(Pass.SENT);
    assertThat(toInternet.size() + toLine.size()).isOne();
    assertThat(Arrays.copyOfRange(after, ETHERNET, after.length)).isEqualTo(sent.getFirst());
    OneRouter.demandAt(after);
  }

  /// The kernel has counted what Java has, verdict by verdict and domain by domain, and each of
  /// these occurs.
  private void demandCounted(DomainTallies domains, Verdict... verdicts) throws KernelException {
    domains
        .byName()
        .forEach((name, ours) -> {
          var theirs = Objects.requireNonNull(counts.byName().get(name));
          demandSame(ours, theirs, List.of(verdicts));
          assertThat(theirs.packets(Pass.SENT)).as(name).isGreaterThan(PACKETS / 20);
        });
    assertThat(domains.byName()).hasSize(2);
    Tally ours = domains.sum();
    var theirs = new Tally();
    counts.addTo(theirs);
    for (Verdict verdict : verdicts) {
      assertThat(theirs.packets(verdict)).as("%s", verdict).isGreaterThan(PACKETS / 1000);
    }
    demandSame(ours, theirs, List.of(verdicts));
    assertThat(theirs.received()).isEqualTo(taken);
    demandKept(ours, List.of(verdicts));
  }

  /// Under other rules nothing that was counted is lost: for a domain that is gone it is of none.
  private void demandKept(Tally ours, List<Verdict> verdicts) throws KernelException {
    var first = domains().getFirst();
    var place = counts.place(bpf, new RuleTable(List.of(first)));
    assertThat(place.lines()).isEqualTo(2);
    demandSame(ours, counts.with(new Tally()), verdicts);
    assertThat(counts.byName()).hasSize(2);
    counts.keep(Set.of(first.name()));
    demandSame(ours, counts.with(new Tally()), verdicts);
    assertThat(counts.byName()).containsOnlyKeys(first.name());
    counts.close();
    demandSame(ours, counts.with(new Tally()), verdicts);
  }

  private static void demandSame(Tally ours, Tally theirs, List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      assertThat(theirs.packets(verdict)).as("%s", verdict).isEqualTo(ours.packets(verdict));
    }
    assertThat(theirs.received()).isEqualTo(ours.received());
    assertThat(theirs.receivedBytes()).isEqualTo(ours.receivedBytes());
  }
}
