package watari.host.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import watari.core.path.Outbox;
import watari.core.wire.TcpJoiner;
import watari.host.driver.DoorCounters;
import watari.host.driver.Driver;

/// A driver as the ways see it: a packet is taken or not. That the device is gone is remembered for
/// the worker, because a packet never throws.
///
/// If the driver carries super-packets, TCP segments are joined: some are held back until the batch
/// they are of is over, and [#flush] called.
public final class Door implements Outbox, AutoCloseable {
  private final Driver driver;
  private final @Nullable TcpJoiner joiner;
  private @Nullable IOException broken;

  public Door(Driver driver) {
    this.driver = driver;
    joiner = driver.carriesSuperPackets() ? new TcpJoiner(this::hand) : null;
  }

  @Override
  public boolean send(long at, int length) {
    return joiner == null ? hand(at, length, 0) : joiner.send(at, length);
  }

  private boolean hand(long at, int length, int segmentBytes) {
    try {
      return segmentBytes == 0
          ? driver.send(at, length)
          : driver.sendSuper(at, length, segmentBytes);
    } catch (IOException e) {
      broken = e;
      return false;
    }
  }

  /// Lets everything leave that is held.
  void flush() {
    if (joiner != null) {
      joiner.flush();
    }
  }

  /// @throws IOException when sending has found the device broken
  void check() throws IOException {
    if (broken != null) {
      throw broken;
    }
  }

  /// What passed and what did not; any thread may read it.
  public DoorCounters counters() {
    return driver.counters();
  }

  Driver driver() {
    return driver;
  }

  /// Gives packet memory back; the driver stays open.
  @Override
  public void close() {
    if (joiner != null) {
      joiner.close();
    }
  }
}
