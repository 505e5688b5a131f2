package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.wire.SlowChecksum;

/// Every bit of every header of a packet of every kind turned over, and every length too short,
/// with checksums as they then are and with checksums made right: each ends in a verdict, writes
/// nothing outside its place, and what is sent has right checksums.
final class BitFlipTest {
  private static final int HEADERS_MAX = 140;

  private long in;

  /// MAPE-55, FRG-16, ICMP-04
  @ParameterizedTest
  @CsvSource({"gateway,home", "gateway,line", "relay,line", "relay,internet"})
  void aTurnedBitNeverBreaksAWay(String node, String door) {
    Bench bench = new Scenario.Settings(node).bench();
    if (door.equals("line") && node.equals("gateway")) {
      Samples.of(node, "home").forEach(packet -> receive(bench, "home", packet));
    }
    for (byte[] packet : variants(Samples.of(node, door))) {
      for (int bit = 0; bit < 8 * Math.min(packet.length, HEADERS_MAX); bit++) {
        byte[] turned = packet.clone();
        turned[bit / 8] ^= (byte) (0x80 >> bit % 8);
        receive(bench, door, turned.clone());
        RandomPackets.mend(turned);
        receive(bench, door, turned);
      }
    }
    bench.assertNothingLost(in);
    bench.close();
  }

  /// MAPE-55
  @ParameterizedTest
  @CsvSource({"gateway,home", "gateway,line", "relay,line", "relay,internet"})
  void aPacketCutShortNeverBreaksAWay(String node, String door) {
    Bench bench = new Scenario.Settings(node).bench();
    for (byte[] packet : variants(Samples.of(node, door))) {
      for (int length = 0; length < packet.length; length++) {
        receive(bench, door, Arrays.copyOf(packet, length));
      }
    }
    bench.assertNothingLost(in);
    bench
        .counts()
        .forEach(count -> assertThat(count).as("a piece of a packet").doesNotContain("SENT"));
    bench.close();
  }

  /// Whole and as a first and a last fragment.
  private static List<byte[]> variants(List<byte[]> packets) {
    var all = new ArrayList<byte[]>();
    for (byte[] packet : packets) {
      all.add(packet);
      all.add(Pieces.cut(packet, 0, 8, 77));
      all.add(Pieces.cut(packet, 8, -1, 77));
    }
    return all;
  }

  private void receive(Bench bench, String door, byte[] packet) {
    in++;
    byte[] received = packet.clone();
    try {
      assertThat(bench.receive(door, packet, in)).isNotNull();
      for (Bench.Sent sent : bench.takeSent()) {
        boolean isSenderRight = !isPiece(received) && SlowChecksum.problem(received).isEmpty();
        Inspector.checkChecksums(sent.bytes(), isSenderRight);
      }
    } catch (RuntimeException | AssertionError wrong) {
      throw new AssertionError(door + " < " + HexFormat.of().formatHex(received), wrong);
    }
  }

  private static boolean isPiece(byte[] packet) {
    boolean isInner = packet[0] >> 4 == 4;
    return isInner ? (packet[6] & 0x3f) != 0 || packet[7] != 0 : packet[6] == 44;
  }
}
