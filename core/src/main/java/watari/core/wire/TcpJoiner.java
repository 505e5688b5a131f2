package watari.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Joins consecutive TCP segments of a flow into super-packets on their way out, the opposite of
/// [TcpCutter]: whoever cuts such a packet again gets the segments that were joined.
///
/// ```
/// | headers | payload 1 |   | headers | payload 2 |   | headers | payload 3 |
/// | headers | payload 1 | payload 2 | payload 3 |          leaves as one
/// ```
///
/// What is not surely the next segment of its flow, and equal to those before in all that a
/// super-packet says once for all, leaves on its own, behind what is held of its flow: packets of a
/// flow never overtake each other. A segment whose checksum is wrong is not joined, so that the
/// host it is for sees that it is wrong.
///
/// A few flows are in hand at once. What is held leaves with [#flush] at the latest. Belongs to one
/// thread.
public final class TcpJoiner implements AutoCloseable {
  /// Where packets leave.
  @FunctionalInterface
  public interface Exit {
    /// Sends `length` bytes of the slab from `at` on, and has read them when it returns.
    ///
    /// @param segmentBytes the payload of each TCP segment but the last, or 0 for an ordinary
    ///   packet. In a super-packet the sum of the pseudo-header stands for the checksum of TCP.
    /// @return whether the packet was taken
    boolean send(long at, int length, int segmentBytes);
  }

  private static final int FLOWS_MAX = 8;

  private final TcpTrain[] trains = new TcpTrain[FLOWS_MAX];
  private final Exit exit;
  private int nextToLeave;

  public TcpJoiner(Exit exit) {
    this.exit = exit;
    Arrays.setAll(trains, _ -> new TcpTrain());
  }

  /// Takes the packet of `length` bytes at `at`, whose memory is the caller's again at once.
  ///
  /// @return false when it was not taken; of one that is held it is too early to know
  public boolean send(long at, int length) {
    if (!TcpTrain.isTcp(at, length)) {
      return exit.send(at, length, 0);
    }
    if (!TcpTrain.isPlain(at, length)) {
      flush(); // it may belong to any of the flows
      return exit.send(at, length, 0);
    }
    TcpTrain train = find(at);
    if (train != null && train.takes(at, length)) {
      train.add(at, length);
      return !train.isFull() || train.leave(exit);
    }
    if (train != null) {
      boolean _ = train.leave(exit);
    }
    if (!TcpTrain.isBeginning(at, length)) {
      return exit.send(at, length, 0);
    }
    (train == null ? empty() : train).begin(at, length);
    return true;
  }

  private @Nullable TcpTrain find(long at) {
    for (TcpTrain train : trains) {
      if (train.isFlowOf(at)) {
        return train;
      }
    }
    return null;
  }

  /// A train for a new flow; one after the other has to make room.
  private TcpTrain empty() {
    for (TcpTrain train : trains) {
      if (train.isEmpty()) {
        return train;
      }
    }
    TcpTrain train = trains[nextToLeave];
    nextToLeave = (nextToLeave + 1) % FLOWS_MAX;
    boolean _ = train.leave(exit);
    return train;
  }

  /// Lets everything leave that is held.
  public void flush() {
    for (TcpTrain train : trains) {
      if (!train.isEmpty()) {
        boolean _ = train.leave(exit);
      }
    }
  }

  /// Gives its packet memory back, and with it what is held; once, and nothing may be called after
  /// it.
  @Override
  public void close() {
    for (TcpTrain train : trains) {
      train.close();
    }
  }
}
