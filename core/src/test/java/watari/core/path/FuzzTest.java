package watari.core.path;

import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.net.Seed;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.SlowChecksum;

/// Random packets through all ways. `-Dfuzz.packets=N` makes a run longer.
final class FuzzTest {
  private static final int PACKETS = Integer.getInteger("fuzz.packets", 400_000);

  private final SplittableRandom random = Seed.random();
  private long now;
  private long in;
  private int clean;

  /// MAPE-01, MAPE-34, MAPE-35, MAPE-62
  @Test
  void nothingGetsPastTheGatewayThatIsNotItsOwn() {
    run("gateway", new Scenario.Settings("gateway"), "home");
  }

  /// MAPE-10, MAPE-37, MAPE-40
  @Test
  void nothingGetsPastTheGatewayInAMeshThatIsNotThePeersOwn() {
    run("gateway", new Scenario.Settings("gateway").set("mesh", ""), "home");
  }

  /// MAPE-37, MAPE-62
  @Test
  void nothingGetsPastTheRelayThatIsNotTheSubscribersOwn() {
    run("relay", new Scenario.Settings("relay"), "internet");
  }

  @Test
  void nothingOfTheHomeGetsPastTheNativeGatewayUntranslated() {
    run("native", new Scenario.Settings("native"), "home");
  }

  private void run(String node, Scenario.Settings settings, String otherDoor) {
    Bench bench = settings.bench();
    var fromLine = new RandomPackets(Samples.of(node, "line"), random);
    var fromOther = new RandomPackets(Samples.of(node, otherDoor), random);
    while (in < PACKETS) {
      boolean isLine = random.nextBoolean();
      for (byte[] packet : (isLine ? fromLine : fromOther).next()) {
        receive(bench, node, isLine ? "line" : otherDoor, packet);
      }
    }
    bench.assertNothingLost(in);
    bench.close();
    if (clean < PACKETS / 20) {
      throw new AssertionError("too few packets were sent for the run to mean anything: " + clean);
    }
  }

  private void receive(Bench bench, String node, String door, byte[] packet) {
    in++;
    now += random.nextInt(10_000) == 0 ? 61_000 : random.nextInt(20);
    if (random.nextInt(1000) == 0) {
      bench.tick(now);
      bench.takeSent().forEach(answer -> Inspector.checkChecksums(answer.bytes(), true));
    }
    byte[] received = packet.clone();
    try {
      Verdict verdict = bench.receive(door, packet, now);
      judge(node, received, verdict, bench.takeSent());
    } catch (RuntimeException | AssertionError wrong) {
      throw new AssertionError("packet " + in + ": " + HexFormat.of().formatHex(received), wrong);
    }
  }

  private void judge(String node, byte[] received, Verdict verdict, List<Bench.Sent> sent) {
    boolean fits =
        switch (verdict) {
          case Pass.SENT, Pass.ANSWERED, Pass.HANDED_OVER -> !sent.isEmpty();
          // an answer, or that another's time was over
          case Pass.HELD -> sent.size() <= 1;
          case Drop _ -> sent.size() <= 2;
        };
    if (!fits) {
      throw new AssertionError(verdict + " but " + sent.size() + " packets were sent");
    }
    for (Bench.Sent packet : sent) {
      boolean isSenderRight = !isPiece(received) && SlowChecksum.problem(received).isEmpty();
      clean += isSenderRight ? 1 : 0;
      Inspector.checkChecksums(packet.bytes(), isSenderRight);
      Inspector.check(node, packet, received);
    }
  }

  private static boolean isPiece(byte[] packet) {
    boolean isInner = packet[0] >> 4 == 4;
    return isInner ? (packet[6] & 0x3f) != 0 || packet[7] != 0 : packet[6] == 44;
  }
}
