package watari.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import watari.host.kernel.XdpRing.Side;

final class XdpRingTest {
  private static final int SIZE = 8;
  private static final int ENTRY = 16;
  private static final XdpRing.Places PLACES = new XdpRing.Places(0, 64, 4, 128);

  private final MemorySegment memory =
      Arena.ofAuto().allocate(XdpRing.bytes(PLACES, SIZE, ENTRY), 64);

  /// Both counts stand where the ring has been in use for so many packets.
  private void begin(int count) {
    memory.set(ValueLayout.JAVA_INT, 0, count);
    memory.set(ValueLayout.JAVA_INT, 64, count);
  }

  private XdpRing side(Side side) {
    return new XdpRing(memory, PLACES, side, SIZE, ENTRY);
  }

  @Test
  void anEntryIsSeenWhenItIsPublished() {
    var from = side(Side.PUTS);
    var to = side(Side.TAKES);
    from.put(4096, 60);
    assertThat(to.ready()).isZero();
    from.publish();
    assertThat(to.ready()).isOne();
    assertThat(to.address()).isEqualTo(4096);
    assertThat(to.length()).isEqualTo(60);
    to.take();
    assertThat(from.waiting()).isOne();
    to.publish();
    assertThat(from.waiting()).isZero();
  }

  @Test
  void aFullRingHasRoomAgainWhenTheOtherSideHasTakenSomething() {
    var from = side(Side.PUTS);
    var to = side(Side.TAKES);
    for (int i = 0; i < SIZE; i++) {
      assertThat(from.ready()).isEqualTo(SIZE - i);
      from.put(i);
    }
    from.publish();
    assertThat(from.ready()).isZero();
    assertThat(to.ready()).isEqualTo(SIZE);
    to.take();
    assertThat(from.ready()).isZero();
    to.publish();
    assertThat(from.ready()).isOne();
  }

  /// The counts go on through 2^31 and 2^32 as if nothing was there.
  @Test
  void nothingIsLostOrDoubledWhereTheCountsWrap() {
    for (int start : new int[] {-20, Integer.MAX_VALUE - 20, 0}) {
      begin(start);
      var from = side(Side.PUTS);
      var to = side(Side.TAKES);
      var random = new Random(start);
      var twin = new ArrayDeque<Long>();
      for (long step = 0; step < 1000; step++) {
        if (random.nextBoolean() && from.ready() > 0) {
          from.put(step, (int) step);
          from.publish();
          twin.add(step);
        } else if (to.ready() > 0) {
          assertThat(to.address()).isEqualTo(twin.remove());
          to.take();
          to.publish();
        }
        assertThat(from.waiting()).as("from %d, step %d", start, step).isEqualTo(twin.size());
      }
    }
  }

  @Test
  void theKernelSaysWhetherItSleeps() {
    var ring = side(Side.PUTS);
    assertThat(ring.needsWakeup()).isFalse();
    memory.set(ValueLayout.JAVA_INT, 4, 1);
    assertThat(ring.needsWakeup()).isTrue();
  }

  @Test
  void aRingHasAPowerOfTwoOfEntries() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new XdpRing(memory, PLACES, Side.PUTS, 6, ENTRY))
        .withMessage("a ring has a power of two of entries, not 6");
  }
}
