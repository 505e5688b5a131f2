package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Frames made by a program, from one end of a [Lane] to the other.
final class LiveCourse implements AutoCloseable {
  private static final int WAITS_MAX = 50;

  private final LiveGenerator generator;
  private final Closeable sink;
  private final Arrivals arrivals;

  /// Tells how many packets arrived since it was last asked.
  @FunctionalInterface
  interface Arrivals {
    long take() throws IOException;
  }

  private LiveCourse(LiveGenerator generator, Closeable sink, Arrivals arrivals) {
    this.generator = generator;
    this.sink = sink;
    this.arrivals = arrivals;
  }

  /// Frames that a program of the relay sends to the sink.
  static LiveCourse ofPrograms(Lane lane, Traffic traffic, Core core) throws IOException {
    var sink = XdpSink.open(lane.end(), lane.sink());
    return new LiveCourse(generator(lane, traffic, core), sink, sink::take);
  }

  /// Packets that the kernel sends to the sink.
  static LiveCourse ofKernel(Lane lane, Traffic traffic, Core core, Sink sink) throws IOException {
    return new LiveCourse(generator(lane, traffic, core), () -> {}, sink::take);
  }

  private static LiveGenerator generator(Lane lane, Traffic traffic, Core core) throws IOException {
    core.pin(lane.start());
    return LiveGenerator.open(lane.start(), lane.source(), traffic, lane.cable());
  }

  /// Sends so many packets and waits for those on the way.
  Measurement run(int packets) throws IOException {
    long _ = arrivals.take();
    long nanos = generator.send(packets);
    long arrived = arrivals.take();
    for (int wait = 0; wait < WAITS_MAX && arrived < packets; wait++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      arrived += arrivals.take();
    }
    return new Measurement(packets, arrived, nanos);
  }

  @Override
  public void close() throws IOException {
    generator.close();
    sink.close();
  }
}
