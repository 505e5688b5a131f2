package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Frames made by a program, from one end of a [Lane] to the other.
final class LiveCourse implements AutoCloseable {
  private static final int WAITS_MAX = 50;

  private final Sending sending;
  private final Closeable ends;
  private final Arrivals arrivals;

  /// Tells how many packets arrived since it was last asked.
  @FunctionalInterface
  interface Arrivals {
    long take() throws IOException;
  }

  /// Sends so many packets and tells how many nanoseconds it took.
  @FunctionalInterface
  private interface Sending {
    long send(int packets) throws IOException;
  }

  private LiveCourse(Sending sending, Closeable ends, Arrivals arrivals) {
    this.sending = sending;
    this.ends = ends;
    this.arrivals = arrivals;
  }

  /// Frames that programs send to the sink.
  static LiveCourse ofPrograms(Lane lane, Traffic traffic, Core core) throws IOException {
    var sink = XdpSink.open(lane.end(), lane.sink());
    try {
      var generator = generator(lane, traffic, core);
      return new LiveCourse(generator::send, () -> close(generator, sink), sink::take);
    } catch (IOException failed) {
      sink.close();
      throw failed;
    }
  }

  /// Packets that the kernel sends to the sink.
  static LiveCourse ofKernel(Lane lane, Traffic traffic, Core core, Sink sink) throws IOException {
    var generator = generator(lane, traffic, core);
    return new LiveCourse(generator::send, generator::close, sink::take);
  }

  /// Packets that a process sends to the sink. It has the core as soon as there are some
  /// ([Core#prefixOfEager]), so that no queue grows longer than what the generator makes at once.
  static LiveCourse ofProcess(Lane lane, Traffic traffic, Core core, Sink sink) throws IOException {
    var generator = generator(lane, traffic, core);
    return new LiveCourse(generator::sendByTheClock, generator::close, sink::take);
  }

  private static LiveGenerator generator(Lane lane, Traffic traffic, Core core) throws IOException {
    core.pin(lane.start());
    return LiveGenerator.open(lane.start(), lane.source(), traffic, lane.cable());
  }

  private static void close(LiveGenerator generator, XdpSink sink) {
    generator.close();
    sink.close();
  }

  /// Sends so many packets and waits for those on the way.
  Measurement run(int packets) throws IOException {
    long _ = arrivals.take();
    long nanos = sending.send(packets);
    long arrived = arrivals.take();
    for (int wait = 0; wait < WAITS_MAX && arrived < packets; wait++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      arrived += arrivals.take();
    }
    return new Measurement(packets, arrived, nanos);
  }

  @Override
  public void close() throws IOException {
    ends.close();
  }
}
