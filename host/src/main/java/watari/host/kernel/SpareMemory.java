package watari.host.kernel;

import java.lang.foreign.MemorySegment;

/// Memory of this process that holds nothing yet.
public final class SpareMemory {
  private static final long PAGE = 4096;

  private SpareMemory() {}

  /// Lets the kernel have the pages until somebody writes there; they then read as zeroes
  /// (madvise(2), `MADV_DONTNEED`). Java has written to all of them, which made them resident. A
  /// kernel that refuses takes nothing: the process is larger, and that is all.
  public static void lend(MemorySegment unused) {
    long start = (unused.address() + PAGE - 1) & -PAGE;
    long bytes = (unused.address() + unused.byteSize() - start) & -PAGE;
    if (bytes > 0) {
      int _ = new Libc().madvise(start, bytes, Libc.MADV_DONTNEED);
    }
  }
}
