package watari.lab.bench;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.management.ManagementFactory;
import watari.core.nat.Randomness;
import watari.core.path.Gateway;
import watari.core.verdict.Pass;
import watari.core.wire.Ipv4;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// A gateway's table of sessions under load: filled, turned over, emptied at once, and full when
/// one more packet comes. Time is the processor's, since others use the machine too.
final class SessionLoad implements AutoCloseable {
  private static final int HOSTS = 240;
  private static final int HOME = 0xc0a80102;
  private static final int REMOTES = 0x14000000;
  private static final int PORTS = 50_000 << 16 | 443;
  private static final int LENGTH = 46;
  private static final int HEADROOM = 64;
  private static final int PACKET_BYTES = HEADROOM + LENGTH;
  private static final int SEED = 7597;

  private static final int TICK_MILLIS = 100;

  /// How long a session of UDP lasts, and a little more (RFC 4787 REQ-5).
  private static final int LIFE_MILLIS = 300_000;

  /// Live sessions in a hundred places; those whose time is over wait for the sweep in the others.
  private static final int LIVE_PERCENT = 90;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long packet = Slab.take(PACKET_BYTES) + HEADROOM;
  private final Arena arena = Arena.ofConfined();
  private final int capacity;
  private final int live;
  private final Gateway gateway;
  private final double bytesEach;
  private long outsideBytes;
  private long now = 1_000_000;
  private int made;
  private long longestTick;

  private SessionLoad(int capacity) {
    this.capacity = capacity;
    live = capacity / 100 * LIVE_PERCENT;
    long before = threads.getCurrentThreadAllocatedBytes();
    gateway =
        new Gateway(
            GatewayBench.settings(capacity),
            (_, _) -> true,
            (_, _) -> true,
            counting(),
            new Randomness(SEED, SEED));
    long inside = threads.getCurrentThreadAllocatedBytes() - before;
    bytesEach = (double) (inside + outsideBytes) / capacity;
  }

  private SegmentAllocator counting() {
    return (bytes, alignment) -> {
      MemorySegment taken = arena.allocate(bytes, alignment);
      outsideBytes += taken.byteSize();
      return taken;
    };
  }

  /// Does all of it once.
  ///
  /// @param capacity places in the table, 10,000 or more
  static SessionFigures measure(int capacity) {
    try (var load = new SessionLoad(capacity)) {
      double fillSeconds = load.fill();
      double turnover = load.turnOver();
      double expiry = load.expireAll();
      return new SessionFigures(
          capacity,
          fillSeconds,
          turnover,
          Math.max(load.longestTick / 1e6, expiry),
          load.oneMore(),
          load.bytesEach);
    }
  }

  private long processorNanos() {
    return threads.getCurrentThreadCpuTime();
  }

  /// Sends the first packet of a session that there has not been.
  private void open() {
    int source = HOME + made % HOSTS;
    int target = REMOTES + made / HOSTS;
    made++;
    Ipv4.write(packet, LENGTH, Protocol.UDP, 64, source, target);
    Slab.putInt(packet + Ipv4.HEADER, PORTS);
    Slab.putInt(packet + Ipv4.HEADER + 4, (LENGTH - Ipv4.HEADER) << 16 | 0x1234);
    if (gateway.outbound(packet, LENGTH, now) != Pass.SENT) {
      throw new IllegalStateException("session " + made + " of the benchmark was refused");
    }
  }

  /// Fills the empty table to the last place; the sessions begin evenly over one life.
  ///
  /// @return seconds
  private double fill() {
    long began = now;
    long start = processorNanos();
    for (int i = 0; i < capacity; i++) {
      now = began + (long) i * LIFE_MILLIS / capacity;
      open();
    }
    return (processorNanos() - start) / 1e9;
  }

  /// Opens as many sessions as the table has places, while as many end.
  ///
  /// @return new sessions a second
  private double turnOver() {
    pass(capacity - live);
    int perTick = (int) ((long) live * TICK_MILLIS / LIFE_MILLIS);
    long start = processorNanos();
    int opened = 0;
    while (opened < capacity) {
      now += TICK_MILLIS;
      for (int i = 0; i < perTick; i++) {
        open();
      }
      opened += perTick;
      tick();
    }
    return opened * 1e9 / (processorNanos() - start);
  }

  /// Lets time pass until that many places are free.
  private void pass(int free) {
    while (capacity - gateway.napt().sessions() < free) {
      now += TICK_MILLIS;
      gateway.tick(now);
    }
  }

  private void tick() {
    long start = processorNanos();
    gateway.tick(now);
    longestTick = Math.max(longestTick, processorNanos() - start);
  }

  /// The time of all sessions is over at once, as after a night.
  ///
  /// @return the longest step in milliseconds
  private double expireAll() {
    now += 2L * LIFE_MILLIS;
    long before = longestTick;
    longestTick = 0;
    while (gateway.napt().sessions() > 0) {
      now += TICK_MILLIS;
      tick();
    }
    double longest = longestTick / 1e6;
    longestTick = before;
    now += LIFE_MILLIS; // so that the ports have rested
    return longest;
  }

  /// The table is full of sessions whose time is over, and nothing has looked at them yet.
  ///
  /// @return milliseconds that one more packet takes
  private double oneMore() {
    for (int i = 0; i < capacity; i++) {
      open();
    }
    now += 2L * LIFE_MILLIS;
    long start = processorNanos();
    open();
    return (processorNanos() - start) / 1e6;
  }

  @Override
  public void close() {
    gateway.close();
    arena.close();
    Slab.give(packet - HEADROOM, PACKET_BYTES);
  }
}
