package watari.host.driver;

import org.jspecify.annotations.Nullable;
import watari.core.wire.Slab;

/// A bounded queue of packets in the slab, with a wait.
final class Ring {
  private static final long NANOS_A_MILLI = 1_000_000;

  private final int packetsMax;
  private final int frameBytes;
  private final int stride;
  private final long base;
  private final int[] lengths;
  private final int[] segmentBytes;
  private int first;
  private int count;
  private boolean woken;
  private boolean closed;

  Ring(int packetsMax, int frameBytes) {
    if (packetsMax < 1 || frameBytes < 1 || frameBytes > Batch.FRAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a ring has 1 packet or more of 1 to "
              + Batch.FRAME_BYTES_MAX
              + " bytes, not "
              + packetsMax
              + " of "
              + frameBytes);
    }
    this.packetsMax = packetsMax;
    this.frameBytes = frameBytes;
    this.stride = Math.ceilDiv(frameBytes, Long.BYTES) * Long.BYTES;
    this.lengths = new int[packetsMax];
    this.segmentBytes = new int[packetsMax];
    this.base = Slab.take(Math.multiplyExact(stride, packetsMax));
  }

  /// Copies a packet in.
  ///
  /// @param segmentBytes of a super-packet, or 0
  /// @return null, or why not
  synchronized @Nullable DoorCounter offer(long at, int length, int segmentBytes) {
    if (closed || length < 1) {
      return DoorCounter.REFUSED;
    }
    if (length > frameBytes) {
      return DoorCounter.TOO_LONG;
    }
    if (count == packetsMax) {
      return DoorCounter.FULL;
    }
    int slot = (first + count) % packetsMax;
    count++;
    Slab.move(at, place(slot), length);
    lengths[slot] = length;
    this.segmentBytes[slot] = segmentBytes;
    notifyAll();
    return null;
  }

  /// Moves packets into the batch until one of the two ends.
  ///
  /// @return how many were dropped because the frames of the batch are too short; -1 when closed
  synchronized int drainTo(Batch batch) {
    int tooLong = 0;
    while (count > 0 && !batch.isFull()) {
      int length = lengths[first];
      if (length > batch.frameBytes()) {
        tooLong++;
      } else {
        batch.addCopy(place(first), length, segmentBytes[first]);
      }
      first = (first + 1) % packetsMax;
      count--;
    }
    return closed ? -1 : tooLong;
  }

  private long place(int slot) {
    return base + (long) slot * stride;
  }

  /// Waits until a packet is there, `wake` was called or `millis` ms have passed; -1 for ever. An
  /// interrupt ends the wait as a signal ends `poll`, and stays set.
  ///
  /// @return whether a packet is there
  synchronized boolean await(int millis) {
    try {
      pause(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    woken = false;
    return count > 0;
  }

  private synchronized void pause(int millis) throws InterruptedException {
    long end = System.nanoTime() + millis * NANOS_A_MILLI;
    while (count == 0 && !woken && !closed) {
      long left = millis < 0 ? Long.MAX_VALUE : end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      wait(left / NANOS_A_MILLI + 1);
    }
  }

  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      count = 0;
      Slab.give(base, Math.multiplyExact(stride, packetsMax));
      notifyAll();
    }
  }
}
