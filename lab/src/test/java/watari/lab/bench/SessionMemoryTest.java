package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import watari.core.event.EventLog;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;

final class SessionMemoryTest {
  private static final int SESSIONS = 1_000_000;
  private static final int BYTES_EACH_MAX = 200;

  private long outsideBytes;

  /// D-09: on the heap and outside of it, with the tables of ports.
  @Test
  void takesLessThan200BytesASession() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var ports = new PortSet(4, new Psid(0x56, 8));
    try (var arena = Arena.ofConfined()) {
      long before = threads.getCurrentThreadAllocatedBytes();
      var napt =
          new Napt(
              1,
              ports,
              NatSettings.strict(ports, Timers.DEFAULT, SESSIONS),
              counting(arena),
              new Randomness(1, 2),
              new EventLog());
      long heapBytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(napt.sessions()).isZero();
      assertThat(outsideBytes).isGreaterThanOrEqualTo(64L * SESSIONS);
      assertThat(heapBytes + outsideBytes).isLessThanOrEqualTo((long) SESSIONS * BYTES_EACH_MAX);
    }
  }

  private SegmentAllocator counting(SegmentAllocator allocator) {
    return (bytes, alignment) -> {
      MemorySegment made = allocator.allocate(bytes, alignment);
      outsideBytes += made.byteSize();
      return made;
    };
  }
}
