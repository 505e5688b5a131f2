package watari.host.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.wire.Ipv4;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;
import watari.host.driver.Batch;
import watari.host.driver.Memory;

final class WorkerTest {
  private static final int FRAME = 2048;
  private static final int SUPER_BYTES = 2540;

  private final Memory.Pair pair = Memory.pair(64, FRAME);
  private final Door door = new Door(pair.left());
  private final Batch batch = new Batch(4, FRAME, 64);
  private final long packet = Slab.take(64);
  private final List<String> seen = new ArrayList<>();
  private long clock = 5000;

  private final Crossing crossing =
      new Crossing() {
        @Override
        public void cross(long at, int length, long now) {
          seen.add(length + " bytes at " + now);
          door.send(at, length);
        }

        @Override
        public void tick(long now) {
          seen.add("tick at " + now);
        }
      };

  private final Worker worker = new Worker(door, batch, crossing, () -> clock);

  @AfterEach
  void close() {
    batch.close();
    pair.close();
    Slab.give(packet, 64);
  }

  @Test
  void carriesWhatIsThereAndLetsTimePass() throws IOException {
    pair.right().send(packet, 20);
    pair.right().send(packet, 30);
    assertThat(worker.breathe()).isEqualTo(2);
    assertThat(seen).containsExactly("20 bytes at 5000", "30 bytes at 5000", "tick at 5000");
    try (var back = new Batch(4, FRAME, 0)) {
      assertThat(pair.right().receive(back)).isEqualTo(2);
    }
  }

  /// The crossing sees segments; what it sends of them leaves in one piece again.
  @Test
  void cutsSuperPacketsForTheCrossingAndJoinsWhatItSends() throws IOException {
    try (var wide = Memory.superPair(4);
        var wideDoor = new Door(wide.left());
        var frames = Batch.ofSuperPackets()) {
      var crossing = new Echo(wideDoor, seen);
      var wideWorker = new Worker(wideDoor, frames, crossing, () -> clock);
      long at = Slab.take(SUPER_BYTES);
      writeTcp(at, SUPER_BYTES);
      wide.right().sendSuper(at, SUPER_BYTES, 1000);
      wideWorker.breathe();
      assertThat(seen).containsExactly("1040", "1040", "540");
      assertThat(wide.right().receive(frames)).isOne();
      assertThat(frames.length(0)).isEqualTo(SUPER_BYTES);
      assertThat(frames.segmentBytes(0)).isEqualTo(1000);
      Slab.give(at, SUPER_BYTES);
    }
  }

  private record Echo(Door door, List<String> seen) implements Crossing {
    @Override
    public void cross(long at, int length, long now) {
      seen.add(Integer.toString(length));
      door.send(at, length);
    }

    @Override
    public void tick(long now) {}
  }

  /// A segment with ACK from zeros to zeros.
  private static void writeTcp(long at, int length) {
    Slab.fill(at, length, 0);
    Ipv4.write(at, length, Protocol.TCP, 64, 0, 0);
    Slab.putByte(at + Ipv4.HEADER + 12, 5 << 4);
    Slab.putByte(at + Ipv4.HEADER + 13, Tcp.ACK);
  }

  @Test
  void ticksAfterATenthOfASecondAndNotBefore() throws IOException {
    worker.breathe();
    clock += 99;
    worker.breathe();
    clock += 1;
    worker.breathe();
    assertThat(seen).containsExactly("tick at 5000", "tick at 5100");
  }

  @Test
  void carriesNoMoreThanABatchBeforeItLooksAtQuestions() throws IOException {
    for (int i = 0; i < 6; i++) {
      pair.right().send(packet, 20);
    }
    CompletableFuture<Integer> question = worker.ask(seen::size);
    assertThat(worker.breathe()).isEqualTo(4);
    assertThat(question).isCompletedWithValue(5); // four packets and a tick
    assertThat(worker.breathe()).isEqualTo(2);
  }

  @Test
  void aQuestionThatFailsIsAnsweredWithItsFailureAndHurtsNobody() throws IOException {
    CompletableFuture<Integer> question =
        worker.ask(() -> {
          throw new IllegalStateException("no answer");
        });
    worker.breathe();
    assertThat(question).isCompletedExceptionally();
    assertThat(worker.breathe()).isZero();
  }

  @Test
  void endsWhenItIsToldTo() throws Exception {
    var ended = new CompletableFuture<String>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                worker.run();
                ended.complete("ended");
              } catch (IOException e) {
                ended.completeExceptionally(e);
              }
            });
    worker.stop();
    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("ended");
    thread.join();
  }

  @Test
  void saysThatTheDoorIsBroken() {
    pair.close();
    assertThatExceptionOfType(IOException.class).isThrownBy(worker::run);
  }
}
