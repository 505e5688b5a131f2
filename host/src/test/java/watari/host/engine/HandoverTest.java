package watari.host.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.Memory;

final class HandoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PACKETS = 100_000;
  private static final int LONGEST = 9000;

  private final Semaphore wakes = new Semaphore(0);
  private final Handover handover = new Handover(wakes::release);
  private final long packet = Slab.take(Batch.FRAME_BYTES_MAX);
  private final List<String> seen = new ArrayList<>();

  @AfterEach
  void close() {
    handover.close();
    Slab.give(packet, Batch.FRAME_BYTES_MAX);
  }

  /// Writes over the packet and the room before it, as the ways do.
  private final Crossing crossing = crossing(seen);

  private static Crossing crossing(List<String> seen) {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        seen.add(length + " of " + Slab.byteAt(at) + " to " + Slab.byteAt(at + length - 1));
        Slab.fill(at - Batch.HEADROOM_DEFAULT, Batch.HEADROOM_DEFAULT + length, 0xee);
      }

      @Override
      public void tick(long now) {}
    };
  }

  private boolean isGiven(int length, int number) {
    Slab.fill(packet, length, number & 0xff);
    return handover.give(packet, length);
  }

  @Test
  void whatIsGivenIsTakenInOrder() {
    assertThat(isGiven(20, 1)).isTrue();
    assertThat(isGiven(Batch.FRAME_BYTES_MAX, 2)).isTrue();
    assertThat(isGiven(1, 3)).isTrue();
    assertThat(handover.take(crossing, 0)).isEqualTo(3);
    assertThat(seen).containsExactly("20 of 1 to 1", "65535 of 2 to 2", "1 of 3 to 3");
    assertThat(handover.take(crossing, 0)).isZero();
  }

  @Test
  void refusesWhatThereIsNoRoomFor() {
    int given = 0;
    while (given < PACKETS && isGiven(1000, given)) {
      given++;
    }
    assertThat(given).isEqualTo(Handover.BYTES / 1072);
    assertThat(handover.take(crossing, 0)).isEqualTo(Handover.TAKEN_MAX);
    assertThat(isGiven(1000, given)).isTrue();
  }

  @Test
  void wakesWhoMayHaveGoneToSleepAndNobodyElse() {
    isGiven(20, 1);
    assertThat(wakes.availablePermits()).isOne();
    isGiven(20, 2);
    assertThat(wakes.availablePermits()).as("who has not taken the first yet").isOne();
    handover.take(crossing, 0);
    isGiven(20, 3);
    assertThat(wakes.availablePermits()).isEqualTo(2);
  }

  @Test
  void wakesTheWorkerOfADoor() {
    try (var pair = Memory.pair(4, 64);
        var toDoor = new Handover(new Door(pair.left()))) {
      toDoor.give(packet, 20);
      assertTimeoutPreemptively(PATIENCE, () -> assertThat(pair.left().await(-1)).isFalse());
    }
  }

  /// The taker sleeps whenever nothing is there: a wake that is missing ends it.
  @Test
  void nothingIsLostOrMixedUpBetweenTwoThreads() throws Exception {
    long seed = Long.getLong("watari.seed", 8);
    var taken = new ArrayList<String>();
    var taker = CompletableFuture.runAsync(() -> takeAll(taken));
    var expected = new ArrayList<String>();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < PACKETS; i++) {
      int length = 1 + random.nextInt(LONGEST);
      while (!isGiven(length, i)) {
        assertThat(taker).as("-Dwatari.seed=" + seed).isNotDone();
        Thread.onSpinWait();
      }
      expected.add(length + " of " + (i & 0xff) + " to " + (i & 0xff));
    }
    taker.get(60, TimeUnit.SECONDS);
    assertThat(taken).as("-Dwatari.seed=" + seed).isEqualTo(expected);
  }

  private void demandWake() {
    try {
      assertThat(wakes.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("a wake").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void takeAll(List<String> taken) {
    var crossing = crossing(taken);
    while (taken.size() < PACKETS) {
      if (handover.take(crossing, 0) == 0) {
        demandWake();
      }
    }
  }
}
