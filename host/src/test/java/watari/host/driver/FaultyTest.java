package watari.host.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Refused;
import watari.core.wire.Slab;
import watari.host.driver.Faulty.Fault;

final class FaultyTest {
  private static final int BYTES = 20;

  /// Sends packets 0 to `packets` - 1, four at a time, and receives until all that will come is
  /// there.
  private static List<Integer> pass(Memory.Pair pair, Faulty faulty, int packets) throws Exception {
    var received = new ArrayList<Integer>();
    try (var batch = new Batch(5, BYTES, 64)) {
      for (int i = 0; i < packets; i += 4) {
        for (int j = i; j < Math.min(i + 4, packets); j++) {
          assertThat(Packets.send(pair.left(), j, BYTES)).isTrue();
        }
        received.addAll(Packets.receive(faulty, batch));
      }
      while (faulty.await(0)) {
        received.addAll(Packets.receive(faulty, batch));
      }
    }
    return received;
  }

  private static List<Integer> pass(Faults faults, long seed, int packets) throws Exception {
    try (var pair = Memory.pair(200, BYTES);
        var faulty = new Faulty(pair.right(), faults, new Random(seed), BYTES)) {
      return pass(pair, faulty, packets);
    }
  }

  private static List<Integer> numbers(int packets) {
    return IntStream.range(0, packets).boxed().toList();
  }

  @Test
  void aLineWithoutFaultsChangesNothing() throws Exception {
    assertThat(pass(Faults.NONE, 1, 100)).isEqualTo(numbers(100));
  }

  @Test
  void aSuperPacketStaysOne() throws Exception {
    try (var pair = Memory.superPair(4);
        var faulty = new Faulty(pair.right(), Faults.NONE, new Random(1), Batch.FRAME_BYTES_MAX);
        var batch = Batch.ofSuperPackets()) {
      assertThat(pair.left().sendSuper(batch.at(0), 3000, 1400)).isTrue();
      assertThat(faulty.receive(batch)).isOne();
      assertThat(batch.segmentBytes(0)).isEqualTo(1400);
      assertThat(faulty.carriesSuperPackets()).isTrue();
      assertThat(faulty.sendSuper(batch.at(0), 3000, 1400)).isTrue();
      assertThat(pair.left().receive(batch)).isOne();
      assertThat(batch.segmentBytes(0)).isEqualTo(1400);
    }
  }

  @Test
  void losesEverythingOrNothing() throws Exception {
    assertThat(pass(Faults.NONE.withLoss(1000), 1, 100)).isEmpty();
    assertThat(pass(Faults.NONE.withLoss(500), 1, 100)).hasSizeBetween(20, 80).isSorted();
  }

  @Test
  void duplicatesOneAfterTheOther() throws Exception {
    assertThat(pass(Faults.NONE.withDuplication(1000), 1, 3)).containsExactly(0, 0, 1, 1, 2, 2);
  }

  @Test
  void aReorderedPacketComesBehindTheNext() throws Exception {
    // 1 overtakes 0; 2 overtakes what is then the last, which is 0 again; and so on.
    assertThat(pass(Faults.NONE.withReordering(1000), 1, 4)).containsExactly(1, 2, 3, 0);
    var received = pass(Faults.NONE.withReordering(100), 7, 100);
    assertThat(received)
        .isNotEqualTo(numbers(100))
        .containsExactlyInAnyOrderElementsOf(numbers(100));
  }

  @Test
  void aPacketThatNobodyOvertakesArrivesAllTheSame() throws Exception {
    assertThat(pass(Faults.NONE.withReordering(1000), 1, 1)).containsExactly(0);
  }

  @Test
  void delaysLetOthersOvertakeAndLoseNothing() throws Exception {
    var received = pass(Faults.NONE.withDelay(500, 3), 3, 100);
    assertThat(received)
        .isNotEqualTo(numbers(100))
        .containsExactlyInAnyOrderElementsOf(numbers(100));
    assertThat(pass(Faults.NONE.withDelay(1000, 1), 3, 4)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void corruptsOneBit() throws Exception {
    try (var pair = Memory.pair(10, BYTES);
        var faults =
            new Faulty(pair.right(), Faults.NONE.withCorruption(1000), new Random(1), BYTES);
        var batch = new Batch(1, BYTES, 64)) {
      Packets.send(pair.left(), 0, BYTES);
      faults.receive(batch);
      int bits = 0;
      for (int i = 0; i < BYTES; i++) {
        bits += Integer.bitCount(Slab.byteAt(batch.at(0) + i));
      }
      assertThat(bits).isOne();
      assertThat(faults.count(Fault.CORRUPTED)).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsAddUpAndTheSameSeedGivesTheSame(long seed) throws Exception {
    var faults = new Faults(200, 200, 200, 0, 200, 4);
    try (var pair = Memory.pair(200, BYTES);
        var faulty = new Faulty(pair.right(), faults, new Random(seed), BYTES)) {
      var received = pass(pair, faulty, 200);
      assertThat(received).isEqualTo(pass(faults, seed, 200));
      assertThat((long) received.size())
          .isEqualTo(200 - faulty.count(Fault.LOST) + faulty.count(Fault.DUPLICATED))
          .isEqualTo(faulty.counters().of(DoorCounter.RECEIVED));
      assertThat(faulty.count(Fault.REORDERED)).isPositive();
      assertThat(faulty.count(Fault.DELAYED)).isPositive();
    }
  }

  @Test
  void holdsBackNoMoreThanItHasRoomFor() throws Exception {
    var faults = new Faults(0, 1000, 0, 0, 1000, 1_000_000);
    try (var pair = Memory.pair(1000, BYTES);
        var faulty = new Faulty(pair.right(), faults, new Random(1), BYTES);
        var batch = new Batch(5, BYTES, 64)) {
      for (int i = 0; i < 1000; i++) {
        assertThat(Packets.send(pair.left(), 0, BYTES)).isTrue();
      }
      for (int i = 0; i < 50; i++) {
        faulty.receive(batch);
      }
      assertThat(faulty.count(Fault.DUPLICATED)).isBetween(100L, 128L);
      assertThat(pair.right().await(0)).as("the rest is still behind the door").isTrue();
    }
  }

  @Test
  void whatIsSentPassesAsItIs() throws Exception {
    var all = new Faults(1000, 1000, 1000, 1000, 1000, 9);
    try (var pair = Memory.pair(10, BYTES);
        var faulty = new Faulty(pair.right(), all, new Random(1), BYTES);
        var batch = new Batch(5, BYTES, 64)) {
      Packets.send(faulty, 7, BYTES);
      assertThat(Packets.receive(pair.left(), batch)).containsExactly(7);
    }
  }

  @Test
  void refusesFaultsThatCannotBe() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> Faults.NONE.withLoss(1001))
        .withMessage("loss is 0 to 1000 packets of a thousand, not 1001");
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> Faults.NONE.withDelay(1, 0));
  }
}
