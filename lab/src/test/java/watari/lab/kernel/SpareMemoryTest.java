package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import watari.host.kernel.SpareMemory;

final class SpareMemoryTest {
  private static final int PAGE = 4096;
  private static final int BYTES = 64 << 20;

  /// Bytes beside whole pages stay; what was given back reads as zeroes and can be written again.
  @Test
  void whatIsLentIsNotResidentAndCanBeUsedAgain() throws IOException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(BYTES, PAGE).fill((byte) 1);
      long before = resident(memory);
      SpareMemory.lend(memory.asSlice(100, BYTES - 200));
      assertThat(before - resident(memory)).isGreaterThan(BYTES / 1024 / 2);
      assertThat(at(memory, PAGE - 1)).isEqualTo((byte) 1);
      assertThat(at(memory, PAGE)).isZero();
      assertThat(at(memory, BYTES - PAGE)).isEqualTo((byte) 1);
      memory.fill((byte) 2);
      assertThat(at(memory, PAGE)).isEqualTo((byte) 2);
    }
  }

  @Test
  void lessThanAPageIsLeftAlone() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(2 * PAGE, PAGE).fill((byte) 1);
      SpareMemory.lend(memory.asSlice(1, PAGE));
      SpareMemory.lend(memory.asSlice(2 * PAGE));
      assertThat(at(memory, 1)).isEqualTo((byte) 1);
      assertThat(at(memory, PAGE)).isEqualTo((byte) 1);
    }
  }

  private static byte at(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, offset);
  }

  /// KiB of the mapping that the memory lies in, maybe beside other memory, from /proc/self/smaps
  /// (proc(5)).
  private static long resident(MemorySegment memory) throws IOException {
    boolean isThere = false;
    for (var line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        long begin = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
        long end =
            Long.parseUnsignedLong(line.substring(line.indexOf('-') + 1, line.indexOf(' ')), 16);
        isThere = begin <= memory.address() && memory.address() + PAGE < end;
      } else if (isThere && line.startsWith("Rss:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("the memory lies in no mapping");
  }
}
