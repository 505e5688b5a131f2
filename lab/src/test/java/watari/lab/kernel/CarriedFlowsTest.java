package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import watari.core.nat.Carrier;
import watari.core.nat.NatSettings;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.FragmentSettings;
import watari.core.path.GatewaySettings;
import watari.core.path.Manners;
import watari.core.path.Routing;
import watari.core.path.TunnelSettings;
import watari.core.rule.Confidence;
import watari.core.rule.Identity;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.wire.Checksum;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.offload.Counts;
import watari.host.offload.GatewayOffload;
import watari.lab.NeedsNamespaces;
import watari.lab.kernel.ProgramRuns.Fate;

/// Flows in the hands of the programs of a gateway: which of their packets they carry, and what
/// Java hears of it.
@NeedsNamespaces
@ParameterizedClass
@EnumSource
final class CarriedFlowsTest {
  private static final int RUNS = Integer.getInteger("watari.packets", 500_000);

  /// So many packets meet both rows on any machine.
  private static final int RUNS_MAX = 20 * RUNS;

  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;
  private static final int UDP = 17;
  private static final int TCP = 6;
  private static final int HOST = 0xc0a80102;
  private static final int OTHER_HOST = 0xc0a8fe03;
  private static final int PORT = 40_000;
  private static final int OUTER_PORT = 0x1340;
  private static final int[] OUTER_PORTS = {OUTER_PORT, 0xf34f};
  private static final int REMOTE = 0xcb007101;
  private static final int HOP_MTU = 1400;
  private static final int MARKS = Tcp.SYN | Tcp.FIN | Tcp.RST | Tcp.ACK;
  private static final int ACKNOWLEDGED = 0x7fff_fff0;
  private static final int NEXT_IN = 0xffff_fff0;

  /// Of every part of the space of numbers.
  private static final int[] PORTS = {0, 1, 0x00ff, 0x7fff, 0x8000, 0x80ff, 0xff80, 0xffff};

  private static final int[] REMOTES = {0x01020304, 0x7f800001, 0x80000001, 0xdfffffff};

  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");

  private final MapRule rule =
      new MapRule(
          Ipv6Prefix.parse("2001:db8::/40"),
          Ipv4Prefix.parse("192.0.2.0/24"),
          16,
          4,
          Psid.NONE,
          Layout.RFC7597);
  private final Identity identity = rule.identity(Ipv6Prefix.parse("2001:db8:12:3400::/56"));
  private final int outer = identity.ipv4().bits();
  private final Arena arena = Arena.ofConfined();
  private final Counts countsOut = new Counts("watari_out");
  private final Counts countsIn = new Counts("watari_in");
  private final ProgramRuns runs;
  private final GatewayOffload offload;
  private final Carrier carrier;
  private long now = 1_000_000;

  /// A table of two buckets, so that flows meet.
  CarriedFlowsTest(Hook hook) throws KernelException {
    runs = new ProgramRuns(new Bpf(), hook, arena);
    var secret = new Randomness(1, 2);
    offload = GatewayOffload.load(hook, settings(), 1, countsOut, countsIn, 1 << 17, secret);
    assertThat(offload.lead(OneRouter.nextHops(HOP_MTU), List.of(ProgramRuns.DEVICE))).isTrue();
    carrier = offload.carrier();
    assertThat(carrier.tick(now)).isTrue();
  }

  private GatewaySettings settings() {
    return new GatewaySettings(
        identity,
        new MapDomain("hub", RELAY, false, Confidence.GIVEN, List.of(rule)),
        new TunnelSettings(1500),
        List.of(Ipv4Prefix.parse("192.168.0.0/16")),
        Ipv4Address.parse("192.168.0.1"),
        NatSettings.adaptive(identity.ports(), 4096),
        Manners.DEFAULT,
        FragmentSettings.DEFAULT,
        Routing.OURS);
  }

  @AfterEach
  void close() {
    offload.close();
    countsOut.close();
    countsIn.close();
    arena.close();
  }

  private long begin(int protocol) {
    return begin(protocol, HOST, PORT, OUTER_PORT, REMOTE, 443);
  }

  private long begin(int protocol, int host, int port, int outerPort, int remote, int remotePort) {
    long flow =
        carrier.begin(
            protocol, host, port, outerPort, remote, remotePort, ACKNOWLEDGED, NEXT_IN, now);
    assertThat(flow).isNotEqualTo(Carrier.NONE);
    return flow;
  }

  private boolean carriesOut(byte[] frame) throws KernelException {
    return isSent(offload.outbound(), frame);
  }

  private boolean carriesIn(byte[] plain) throws KernelException {
    return isSent(offload.inbound(), GatewayPackets.tunnelled(plain, RELAY, identity.mapAddress()));
  }

  private boolean isSent(int program, byte[] frame) throws KernelException {
    return runs.run(program, frame).fate() == Fate.SENT;
  }

  private static byte[] out(int payload) {
    return GatewayPackets.datagram(HOST, PORT, REMOTE, 443, payload);
  }

  private byte[] in(int payload) {
    return GatewayPackets.datagram(REMOTE, 443, outer, OUTER_PORT, payload);
  }

  private static byte[] segmentOut(int flags, int acknowledged) {
    return GatewayPackets.segment(HOST, PORT, REMOTE, 443, flags, 1, acknowledged);
  }

  private byte[] segmentIn(int flags, int sequence) {
    return GatewayPackets.segment(REMOTE, 443, outer, OUTER_PORT, flags, sequence, 1);
  }

  /// Whatever its numbers are like, and each packet leaves with those it should have.
  @Test
  void everyFlowThatIsThereIsCarriedBothWays() throws KernelException {
    for (int remote : REMOTES) {
      for (int port : PORTS) {
        for (int other : PORTS) {
          long flow = begin(UDP, OTHER_HOST, port, other, remote, port ^ other);
          byte[] out = GatewayPackets.datagram(OTHER_HOST, port, remote, port ^ other, 12);
          byte[] sent = runs.run(offload.outbound(), out).frame();
          demand(ETHERNET + IPV6, sent, outer, other, remote, port ^ other);
          byte[] in = GatewayPackets.datagram(remote, port ^ other, outer, other, 12);
          var tunnelled = GatewayPackets.tunnelled(in, RELAY, identity.mapAddress());
          byte[] arrived = runs.run(offload.inbound(), tunnelled).frame();
          demand(ETHERNET, arrived, remote, port ^ other, OTHER_HOST, port);
          carrier.end(flow);
          assertThat(carriesOut(out)).isFalse();
          assertThat(isSent(offload.inbound(), tunnelled)).isFalse();
        }
      }
    }
  }

  private static void demand(
      int at, byte[] frame, int source, int sourcePort, int target, int targetPort) {
    var packet = ByteBuffer.wrap(frame);
    assertThat(packet.getInt(at + 12)).isEqualTo(source);
    assertThat(packet.getInt(at + 16)).isEqualTo(target);
    assertThat(packet.getInt(at + 20)).isEqualTo(sourcePort << 16 | targetPort);
    assertThat(packet.get(at + 8)).as("time to live").isEqualTo((byte) 63);
    OneRouter.demandAt(frame);
    long slab = Slab.take(frame.length);
    try {
      Slab.write(slab, frame, at, 20);
      assertThat(Checksum.of(Checksum.sum(slab, 20))).isZero();
    } finally {
      Slab.give(slab, frame.length);
    }
  }

  /// All others may change the connection's state, of which Java must know.
  @Test
  void onlySegmentsInTheMiddleAreCarried() throws KernelException {
    begin(TCP);
    for (int flags = 0; flags < 256; flags++) {
      boolean isMiddle = (flags & MARKS) == Tcp.ACK;
      assertThat(carriesOut(segmentOut(flags, ACKNOWLEDGED))).as("%d", flags).isEqualTo(isMiddle);
      assertThat(carriesIn(segmentIn(flags, NEXT_IN))).as("%d", flags).isEqualTo(isMiddle);
    }
  }

  /// Java finds a session over at the same packet as without the programs.
  @Test
  void aDirectionThatWasSilentIsJavasFirst() throws KernelException {
    long flow = begin(UDP);
    passSeconds(Carrier.SILENCE_SECONDS - 1);
    assertThat(carriesOut(out(12))).isFalse();
    assertThat(carriesIn(in(12))).isFalse();
    carrier.learn(flow, 0, 0, now);
    for (int i = 0; i < 5; i++) {
      passSeconds(Carrier.SILENCE_SECONDS - 2);
      assertThat(carriesOut(out(12))).as("that it spoke last is noted").isTrue();
    }
    assertThat(carriesIn(in(12))).as("the other direction was silent").isFalse();
    carrier.learn(flow, 0, 0, now);
    assertThat(carriesIn(in(12))).isTrue();
  }

  private void passSeconds(int seconds) {
    now += seconds * 1000L;
    assertThat(carrier.tick(now)).isTrue();
  }

  /// To the second, and never too early.
  @Test
  void javaHearsWhenAPacketOfEitherDirectionLastCame() throws KernelException {
    long flow = begin(UDP);
    for (boolean isOut : new boolean[] {true, false, true, false}) {
      passSeconds(20);
      assertThat(isOut ? carriesOut(out(12)) : carriesIn(in(12))).isTrue();
      long used = now;
      passSeconds(5);
      assertThat(carrier.lastUse(flow, now)).isBetween(used, used + 2_000);
    }
  }

  @Test
  void javaHearsTheNumbersOfAConnection() throws KernelException {
    long flow = begin(TCP);
    int acknowledged = ACKNOWLEDGED ^ 0x8000_0000;
    assertThat(carriesOut(segmentOut(Tcp.ACK, acknowledged))).isTrue();
    assertThat(carrier.acknowledged(flow)).isEqualTo(acknowledged);
    assertThat(carriesIn(segmentIn(Tcp.ACK, NEXT_IN))).isTrue();
    int next = carrier.nextIn(flow);
    assertThat(next - NEXT_IN).as("behind the segment").isEqualTo(GatewayPackets.PAYLOAD);
    assertThat(carrier.nextIn(flow)).isEqualTo(next);
    assertThat(carriesIn(segmentIn(Tcp.ACK, NEXT_IN - 1000))).as("once more").isTrue();
    assertThat(carrier.nextIn(flow)).isEqualTo(next);
    assertThat(carriesIn(segmentIn(Tcp.ACK, next + 0x0200_0000))).as("too far ahead").isFalse();
    assertThat(carrier.nextIn(flow)).isEqualTo(next);
    carrier.learn(flow, 5, 6, now);
    assertThat(carrier.acknowledged(flow)).isEqualTo(5);
    assertThat(carrier.nextIn(flow)).isEqualTo(6);
  }

  @Test
  void whoSpeaksToTheOwnAddressIsNotOnTheLine() {
    assertThat(carrier.begin(UDP, HOST, PORT, OUTER_PORT, outer, 443, 0, 0, now))
        .isEqualTo(Carrier.NONE);
  }

  @Test
  void whatTheNextHopDoesNotTakeInOnePieceIsLeft() throws KernelException {
    begin(UDP);
    int longest = HOP_MTU - 28;
    assertThat(carriesIn(in(longest))).isTrue();
    assertThat(carriesIn(in(longest + 1))).isFalse();
    assertThat(carriesOut(out(longest - IPV6))).isTrue();
    assertThat(carriesOut(out(longest - IPV6 + 1))).isFalse();
  }

  /// Java writes rows all the time: of this flow, in turn for one outer port and another, and of
  /// others that come to lie in the same place. What leaves has the one port or the other, and the
  /// checksums that belong to it.
  @Test
  void aRowThatJavaWritesMeanwhileTranslatesNothingWrongly() throws Exception {
    byte[] frame = out(12);
    List<String> right = new ArrayList<>();
    for (int port : OUTER_PORTS) {
      long flow = begin(UDP, HOST, PORT, port, REMOTE, 443);
      right.add(sent(frame));
      carrier.end(flow);
    }
    assertThat(carriesOut(frame)).isFalse();
    var seen = new HashMap<String, Integer>();
    var isOver = new AtomicBoolean();
    var writer = Thread.ofPlatform().start(() -> writeInTurn(isOver));
    try {
      for (int i = 0; i < RUNS_MAX && (i < RUNS || seen.size() < right.size()); i++) {
        var outcome = runs.run(offload.outbound(), frame);
        if (outcome.fate() == Fate.SENT) {
          seen.merge(Arrays.toString(outcome.frame()), 1, Integer::sum);
        }
      }
    } finally {
      isOver.set(true);
      writer.join();
    }
    assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(right);
  }

  private String sent(byte[] frame) throws KernelException {
    var outcome = runs.run(offload.outbound(), frame);
    assertThat(outcome.fate()).isEqualTo(Fate.SENT);
    return Arrays.toString(outcome.frame());
  }

  /// Half of the others lie in the bucket of the flow.
  private void writeInTurn(AtomicBoolean isOver) {
    for (int turn = 0; !isOver.get(); turn++) {
      int port = OUTER_PORTS[turn % OUTER_PORTS.length];
      carrier.end(carrier.begin(UDP, HOST, PORT, port, REMOTE, 443, 0, 0, now));
      int other = turn / 2 % 8;
      carrier.end(carrier.begin(UDP, OTHER_HOST, other, 0x2340, REMOTE + other, other, 0, 0, now));
    }
  }
}
