package watari.core.path;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.SlowChecksum;
import watari.fuzz.Mutations;
import watari.fuzz.Script;

/// Any packets through the ways of each node, with the clock moved in between: fragments come
/// together or do not, errors are believed or not. What leaves is inspected by [Inspector].
///
/// ```
/// 0 from the line, bytes      1 from the other side, bytes      2 a number of seconds pass
/// ```
final class WaysFuzzTest {
  private static final int STEPS_MAX = 40;
  private static final int LINE = 0;
  private static final int OTHER = 1;
  private static final int SECONDS_PASS = 2;

  private static final Node GATEWAY = new Node("gateway", "home");
  private static final Node NATIVE = new Node("native", "home");
  private static final Node RELAY = new Node("relay", "internet");

  static Stream<byte[]> gatewaySeeds() {
    return seeds("gateway", "home");
  }

  static Stream<byte[]> nativeSeeds() {
    return seeds("native", "home");
  }

  static Stream<byte[]> relaySeeds() {
    return seeds("relay", "internet");
  }

  /// Each packet by itself, in two fragments with time in between, and all of a door together.
  private static Stream<byte[]> seeds(String node, String other) {
    var one = Samples.of(node, "line");
    var two = Samples.of(node, other);
    return Stream.of(
            Stream.of(new byte[0], new byte[] {0}),
            one.stream().map(packet -> script(LINE, packet)),
            two.stream().map(packet -> script(OTHER, packet)),
            one.stream().map(packet -> inTwo(LINE, packet)),
            two.stream().map(packet -> inTwo(OTHER, packet)),
            Stream.of(together(two, one)))
        .flatMap(scripts -> scripts);
  }

  private static byte[] script(int door, byte[] packet) {
    return new Script.Writer().octet(door).bytes(packet).toBytes();
  }

  private static byte[] inTwo(int door, byte[] packet) {
    return new Script.Writer()
        .octet(door)
        .bytes(Pieces.cut(packet, 0, 8, 77))
        .octet(SECONDS_PASS)
        .number(1)
        .octet(door)
        .bytes(Pieces.cut(packet, 8, -1, 77))
        .toBytes();
  }

  private static byte[] together(List<byte[]> first, List<byte[]> then) {
    var script = new Script.Writer();
    first.forEach(packet -> script.octet(OTHER).bytes(packet));
    then.forEach(packet -> script.octet(LINE).bytes(packet));
    return script.toBytes();
  }

  @MethodSource("gatewaySeeds")
  @FuzzTest
  void nothingGetsPastTheGatewayThatIsNotItsOwn(byte[] input) {
    GATEWAY.run(input);
  }

  @MethodSource("nativeSeeds")
  @FuzzTest
  void nothingOfTheHomeGetsPastTheNativeGatewayUntranslated(byte[] input) {
    NATIVE.run(input);
  }

  @MethodSource("relaySeeds")
  @FuzzTest
  void nothingGetsPastTheRelayThatIsNotTheSubscribersOwn(byte[] input) {
    RELAY.run(input);
  }

  /// A node that has seen all inputs so far, a day apart from each other: to make one anew takes
  /// longer than the packets do.
  private static final class Node {
    private static final long DAY = 86_400_000;
    private static final int TICKS = 100;

    private final String name;
    private final String other;
    private final Bench bench;
    private long now;
    private long in;

    Node(String name, String other) {
      this.name = name;
      this.other = other;
      bench = new Scenario.Settings(name).set("sessions", "64").bench();
    }

    void run(byte[] input) {
      pass(DAY);
      var script = new Script(input);
      for (int steps = 0; script.hasNext() && steps < STEPS_MAX; steps++) {
        switch (script.octet() % 3) {
          case LINE -> receive("line", script.bytes());
          case OTHER -> receive(other, script.bytes());
          default -> pass(1000L * script.number());
        }
      }
      bench.assertNothingLost(in);
    }

    private void pass(long millis) {
      now += millis;
      for (int i = 0; i < TICKS; i++) {
        bench.tick(now);
      }
      bench.takeSent().forEach(sent -> Inspector.checkChecksums(sent.bytes(), true));
    }

    private void receive(String door, byte[] packet) {
      byte[] received = packet.clone();
      in++;
      Verdict verdict = bench.receive(door, packet, now);
      List<Bench.Sent> sent = bench.takeSent();
      if (sent.size() > sentMax(verdict)) {
        throw new AssertionError(verdict + " but " + sent.size() + " packets were sent");
      }
      for (Bench.Sent one : sent) {
        // Of a packet that came in pieces nobody knows whether its sender got it right.
        boolean isSenderRight = !isPiece(received) && SlowChecksum.problem(received).isEmpty();
        Inspector.checkChecksums(one.bytes(), isSenderRight);
        Inspector.check(name, one, received);
      }
    }

    private static int sentMax(Verdict verdict) {
      return switch (verdict) {
        case Drop _ -> 2;
        case Pass.HELD -> 1;
        case Pass _ -> Integer.MAX_VALUE;
      };
    }
  }

  private static boolean isPiece(byte[] packet) {
    if (packet.length < 8) {
      return true;
    }
    boolean isInner = packet[0] >> 4 == 4;
    return isInner ? (packet[6] & 0x3f) != 0 || packet[7] != 0 : packet[6] == 44;
  }

  @Test
  void nothingNearTheSeedsGetsPastTheGateway() {
    Mutations.feed(gatewaySeeds(), 100_000, this::nothingGetsPastTheGatewayThatIsNotItsOwn);
  }

  @Test
  void nothingNearTheSeedsGetsPastTheNativeGateway() {
    Mutations.feed(
        nativeSeeds(), 100_000, this::nothingOfTheHomeGetsPastTheNativeGatewayUntranslated);
  }

  @Test
  void nothingNearTheSeedsGetsPastTheRelay() {
    Mutations.feed(relaySeeds(), 100_000, this::nothingGetsPastTheRelayThatIsNotTheSubscribersOwn);
  }
}
