package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import watari.core.nat.NatSettings;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.FragmentSettings;
import watari.core.path.Gateway;
import watari.core.path.GatewaySettings;
import watari.core.path.Manners;
import watari.core.path.Routing;
import watari.core.path.TunnelSettings;
import watari.core.path.TunnelSettings.CongestionMark;
import watari.core.rule.Confidence;
import watari.core.rule.Identity;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Slab;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.offload.Counts;
import watari.host.offload.GatewayOffload;
import watari.lab.NeedsNamespaces;
import watari.lab.kernel.ProgramRuns.Fate;

/// Two gateways get the same packets: one all of them in Java, the other what the programs leave.
/// Together with the programs it sends the same, byte for byte, and counts the same; what a program
/// leaves alone is as it was.
@NeedsNamespaces
@ParameterizedClass
@EnumSource
final class GatewayOffloadTest {
  private static final int PACKETS = 2 * Integer.getInteger("watari.packets", 500_000);
  private static final long SEED = Long.getLong("watari.seed", new Random().nextLong());

  private static final int ETHERNET = 14;
  private static final int FRAME_MAX = 2048;
  private static final int HEADROOM = 64;
  private static final int LINE_MTU = 1500;
  private static final int HOP_MTU = 1400;

  private static final int FLOWS = 400;

  /// In milliseconds, for [#passTime].
  private static final int STEP = 41_000;

  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");

  private final Random random = new Random(SEED);
  private final MapRule rule =
      new MapRule(
          Ipv6Prefix.parse("2001:db8::/40"),
          Ipv4Prefix.parse("192.0.2.0/24"),
          16,
          4,
          Psid.NONE,
          Layout.RFC7597);
  private final MapDomain domain =
      new MapDomain("mesh", RELAY, true, Confidence.GIVEN, List.of(rule));
  private final Identity identity = rule.identity(Ipv6Prefix.parse("2001:db8:12:3400::/56"));
  private final GatewayPackets packets =
      new GatewayPackets(new RuleTable(List.of(domain)), random, RELAY, identity.mapAddress());
  private final long slab = Slab.take(FRAME_MAX + HEADROOM);
  private final Arena arena = Arena.ofConfined();
  private final TunnelSettings tunnel;
  private final ProgramRuns runs;
  private final Counts countsOut = new Counts("watari_out");
  private final Counts countsIn = new Counts("watari_in");
  private final Side whole;
  private final Side helped;
  private final GatewayOffload offload;
  private final List<GatewayPackets.Flow> flows = new ArrayList<>();
  private long now = 1_000_000;
  private long second;
  private int carriedOut;
  private int carriedIn;

  GatewayOffloadTest(Hook hook) throws KernelException {
    runs = new ProgramRuns(new Bpf(), hook, arena);
    tunnel =
        hook == Hook.XDP
            ? new TunnelSettings(LINE_MTU, 61, 0xb8, CongestionMark.COPIED)
            : new TunnelSettings(LINE_MTU);
    whole = new Side();
    helped = new Side();
    var secret = new Randomness(SEED, 2);
    offload = GatewayOffload.load(hook, settings(), FLOWS, countsOut, countsIn, 1 << 17, secret);
    assertThat(offload.lead(OneRouter.nextHops(HOP_MTU), List.of(ProgramRuns.DEVICE))).isTrue();
    helped.gateway.napt().carryBy(offload.carrier(), now);
    for (int i = 0; i < FLOWS; i++) {
      flows.add(packets.new Flow());
    }
  }

  /// A gateway and what it sends.
  private final class Side {
    final List<byte[]> sent = new ArrayList<>();
    final Gateway gateway =
        new Gateway(
            settings(),
            (at, length) -> sent.add(Slab.copy(at, length)),
            (at, length) -> sent.add(Slab.copy(at, length)),
            arena,
            new Randomness(SEED, 1));

    Verdict take(byte[] packet, boolean isOut) {
      sent.clear();
      long at = slab + HEADROOM;
      Slab.write(at, packet, 0, packet.length);
      return isOut
          ? gateway.outbound(at, packet.length, now)
          : gateway.inbound(at, packet.length, now);
    }
  }

  private GatewaySettings settings() {
    return new GatewaySettings(
        identity,
        domain,
        tunnel,
        List.of(Ipv4Prefix.parse("192.168.0.0/16")),
        Ipv4Address.parse("192.168.0.1"),
        NatSettings.adaptive(identity.ports(), 4096),
        Manners.DEFAULT,
        FragmentSettings.DEFAULT,
        Routing.OURS);
  }

  @BeforeEach
  void say() {
    System.out.println("random packets of -Dwatari.seed=" + SEED);
  }

  @AfterEach
  void close() {
    whole.gateway.close();
    helped.gateway.close();
    offload.close();
    countsOut.close();
    countsIn.close();
    Slab.give(slab, FRAME_MAX + HEADROOM);
    arena.close();
  }

  @Test
  void programsAndJavaTogetherAreTheGateway() throws KernelException {
    for (int i = 0; i < PACKETS; i++) {
      passTime(i);
      int which = random.nextInt(FLOWS);
      if (random.nextInt(2_000) == 0) {
        flows.set(which, packets.new Flow());
      }
      var flow = flows.get(which);
      if (flow.isLeaving()) {
        carriedOut += demandSame(flow.fromHome(), true) ? 1 : 0;
        whole.sent.stream().filter(sent -> sent[0] >>> 4 == 6).forEach(flow::learn);
      } else {
        carriedIn += demandSame(flow.fromLine(), false) ? 1 : 0;
      }
    }
    assertThat(carriedOut).isBetween(PACKETS / 10, PACKETS * 4 / 10);
    assertThat(carriedIn).isBetween(PACKETS / 10, PACKETS * 4 / 10);
    demandCounted(countsOut, carriedOut, Gateway::outboundTally);
    demandCounted(countsIn, carriedIn, Gateway::inboundTally);
  }

  /// Sometimes more than a minute, so that programs must ask; sometimes less, and then nearly as
  /// long as a session lasts, so that it matters what they have noted; and sometimes so long that
  /// sessions end. The kernel's clock is not exact to two seconds, and no sum of these steps is so
  /// near before an end: none of the times of [watari.core.nat.Timers], with or without that for
  /// which a port is held, is less than four seconds longer than a multiple of [#STEP].
  private void passTime(int packet) {
    now +=
        switch (random.nextInt(20_000)) {
          case 0 -> 2 * STEP;
          case 1 -> 11 * STEP;
          case 2, 3, 4, 5 -> STEP;
          case 6, 7 -> 7 * STEP;
          case 8, 9, 10, 11, 12, 13, 14, 15 -> 1;
          default -> 0;
        };
    if (packet % 100 == 0 || now / 1000 > second) {
      second = now / 1000;
      whole.gateway.tick(now);
      helped.gateway.tick(now);
    }
  }

  /// Whether the kernel has carried the packet.
  private boolean demandSame(byte[] frame, boolean isOut) throws KernelException {
    byte[] packet = ProgramRuns.packet(frame);
    var outcome = runs.run(isOut ? offload.outbound() : offload.inbound(), frame);
    byte[] after = outcome.frame();
    var verdict = whole.take(packet, isOut);
    assertThat(outcome.fate() == Fate.PASSES || ProgramRuns.isOwn(frame)).isTrue();
    if (outcome.fate() == Fate.PASSES) {
      assertThat(after).isEqualTo(frame);
      assertThat(helped.take(packet, isOut)).isEqualTo(verdict);
      assertThat(helped.sent).containsExactlyElementsOf(whole.sent);
      return false;
    }
    assertThat(outcome.fate()).isEqualTo(Fate.SENT);
    assertThat(verdict).isEqualTo(Pass.SENT);
    assertThat(whole.sent).hasSize(1);
    assertThat(Arrays.copyOfRange(after, ETHERNET, after.length)).isEqualTo(whole.sent.getFirst());
    OneRouter.demandAt(after);
    return true;
  }

  private void demandCounted(Counts counts, int carried, Function<Gateway, Tally> which) {
    var both = new Tally();
    both.addAll(which.apply(helped.gateway));
    counts.addTo(both);
    var all = which.apply(whole.gateway);
    assertThat(both.packets(Pass.SENT)).isGreaterThan(carried).isEqualTo(all.packets(Pass.SENT));
    for (Drop drop : Drop.values()) {
      assertThat(both.packets(drop)).as("%s", drop).isEqualTo(all.packets(drop));
    }
    assertThat(both.receivedBytes()).isEqualTo(all.receivedBytes());
    assertThat(both.answers()).isEqualTo(all.answers());
  }
}
