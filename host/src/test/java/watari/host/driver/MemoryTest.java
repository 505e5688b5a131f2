package watari.host.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.wire.Slab;

final class MemoryTest {
  private final Memory.Pair pair = Memory.pair(4, 1500);
  private final Batch batch = new Batch(3, 1000, 64);

  @AfterEach
  void close() {
    pair.close();
    batch.close();
  }

  @Test
  void whatOneSendsTheOtherReceivesInOrder() throws Exception {
    Packets.send(pair.left(), 1, 20);
    Packets.send(pair.left(), 2, 1000);
    Packets.send(pair.right(), 3, 40);
    assertThat(Packets.receive(pair.right(), batch)).containsExactly(1, 2);
    assertThat(batch.length(0)).isEqualTo(20);
    assertThat(batch.length(1)).isEqualTo(1000);
    assertThat(Slab.byteAt(batch.at(1) + 999)).isEqualTo(2);
    assertThat(Packets.receive(pair.left(), batch)).containsExactly(3);
    assertThat(Packets.receive(pair.left(), batch)).isEmpty();
    assertThat(pair.left().counters().of(DoorCounter.SENT)).isEqualTo(2);
    assertThat(pair.left().counters().of(DoorCounter.SENT_BYTES)).isEqualTo(1020);
    assertThat(pair.right().counters().of(DoorCounter.RECEIVED)).isEqualTo(2);
    assertThat(pair.right().counters().of(DoorCounter.RECEIVED_BYTES)).isEqualTo(1020);
  }

  @Test
  void keepsWhatTheBatchHasNoFrameFor() throws Exception {
    for (int i = 1; i <= 4; i++) {
      Packets.send(pair.left(), i, 20);
    }
    assertThat(Packets.receive(pair.right(), batch)).containsExactly(1, 2, 3);
    Packets.send(pair.left(), 5, 20);
    assertThat(Packets.receive(pair.right(), batch)).containsExactly(4, 5);
  }

  @Test
  void refusesAndCountsWhatDoesNotFit() throws Exception {
    assertThat(Packets.send(pair.left(), 9, 1501)).isFalse();
    assertThat(pair.left().counters().of(DoorCounter.TOO_LONG)).isOne();
    for (int i = 1; i <= 4; i++) {
      assertThat(Packets.send(pair.left(), i, 1001)).isTrue();
    }
    assertThat(Packets.send(pair.left(), 5, 20)).isFalse();
    assertThat(pair.left().counters().of(DoorCounter.FULL)).isOne();
    assertThat(Packets.receive(pair.right(), batch)).isEmpty();
    assertThat(pair.right().counters().of(DoorCounter.TOO_LONG)).isEqualTo(4);
  }

  @Test
  void refusesAndCountsWhenTheOtherSideIsClosed() throws Exception {
    pair.right().close();
    assertThat(Packets.send(pair.left(), 1, 20)).isFalse();
    assertThat(pair.left().counters().of(DoorCounter.REFUSED)).isOne();
    assertThatIOException().isThrownBy(() -> pair.right().receive(batch));
  }

  @Test
  void carriesSuperPacketsWhereItWasMadeForThem() throws Exception {
    try (var wide = Memory.superPair(4);
        var frames = new Batch(4, Batch.FRAME_BYTES_MAX, 0)) {
      assertThat(wide.left().carriesSuperPackets()).isTrue();
      assertThat(wide.left().sendSuper(frames.at(0), 5000, 1400)).isTrue();
      assertThat(wide.left().send(frames.at(0), 1400)).isTrue();
      assertThat(wide.right().receive(frames)).isEqualTo(2);
      assertThat(frames.length(0)).isEqualTo(5000);
      assertThat(frames.segmentBytes(0)).isEqualTo(1400);
      assertThat(frames.segmentBytes(1)).isZero();
      assertThat(wide.left().counters().of(DoorCounter.SUPER_SENT)).isOne();
      assertThat(wide.left().counters().of(DoorCounter.SENT)).isEqualTo(2);
      assertThat(wide.right().counters().of(DoorCounter.SUPER_RECEIVED)).isOne();
    }
    assertThat(pair.left().carriesSuperPackets()).isFalse();
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> pair.left().sendSuper(batch.at(0), 1000, 100));
  }

  @Test
  void aWaitEndsWithAPacketOrAWake() throws Exception {
    assertThat(pair.right().await(0)).isFalse();
    pair.right().wake();
    assertThat(pair.right().await(-1)).isFalse();
    Packets.send(pair.left(), 1, 20);
    assertThat(pair.right().await(-1)).isTrue();
  }

  @Test
  void aWakeOfAnotherThreadEndsTheWait() throws Exception {
    Thread.ofVirtual().start(pair.right()::wake);
    assertThat(pair.right().await(-1)).isFalse();
  }
}
