package watari.host.driver;

import java.io.IOException;

/// The twin in memory: two doors, what one sends the other receives, in order and without loss.
///
/// For tests and the lab. A pair belongs to one thread, or each door to its own; the lock that
/// allows it is why this is not a door for real traffic.
public final class Memory implements Driver {
  /// The two doors of one pair.
  public record Pair(Memory left, Memory right) implements AutoCloseable {
    @Override
    public void close() {
      left.close();
      right.close();
    }
  }

  private final Ring arriving;
  private final Ring leaving;
  private final boolean carriesSuperPackets;
  private final DoorCounters counters = new DoorCounters();

  private Memory(Ring arriving, Ring leaving, boolean carriesSuperPackets) {
    this.arriving = arriving;
    this.leaving = leaving;
    this.carriesSuperPackets = carriesSuperPackets;
  }

  /// Makes two doors that lead to each other.
  ///
  /// @param packetsMax how many packets wait in each direction before a door is full
  /// @param frameBytes the longest packet
  public static Pair pair(int packetsMax, int frameBytes) {
    return pair(packetsMax, frameBytes, false);
  }

  /// The same for doors that carry super-packets too.
  public static Pair superPair(int packetsMax) {
    return pair(packetsMax, Batch.FRAME_BYTES_MAX, true);
  }

  private static Pair pair(int packetsMax, int frameBytes, boolean carriesSuperPackets) {
    var east = new Ring(packetsMax, frameBytes);
    var west = new Ring(packetsMax, frameBytes);
    return new Pair(
        new Memory(west, east, carriesSuperPackets), new Memory(east, west, carriesSuperPackets));
  }

  @Override
  public int receive(Batch batch) throws IOException {
    batch.clear();
    int tooLong = arriving.drainTo(batch);
    if (tooLong < 0) {
      throw new IOException("this door is closed: open a new pair");
    }
    counters.add(DoorCounter.TOO_LONG, tooLong);
    counters.received(batch);
    return batch.count();
  }

  @Override
  public boolean send(long at, int length) {
    boolean isSent = isOffered(at, length, 0);
    if (isSent) {
      counters.sent(length);
    }
    return isSent;
  }

  @Override
  public boolean carriesSuperPackets() {
    return carriesSuperPackets;
  }

  @Override
  public boolean sendSuper(long at, int length, int segmentBytes) {
    if (!carriesSuperPackets) {
      throw new UnsupportedOperationException("this door carries no super-packets");
    }
    boolean isSent = isOffered(at, length, segmentBytes);
    if (isSent) {
      counters.sentSuper(length);
    }
    return isSent;
  }

  private boolean isOffered(long at, int length, int segmentBytes) {
    var refusal = leaving.offer(at, length, segmentBytes);
    if (refusal != null) {
      counters.add(refusal, 1);
    }
    return refusal == null;
  }

  @Override
  public boolean await(int millis) {
    return arriving.await(millis);
  }

  @Override
  public void wake() {
    arriving.wake();
  }

  @Override
  public DoorCounters counters() {
    return counters;
  }

  /// Closes this door; what the other side sends from now on is refused, what it has still waits
  /// for it.
  @Override
  public void close() {
    arriving.close();
  }
}
