package watari.core.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// The one piece of memory that every packet of the process lies in.
///
/// A packet is an offset into the slab and a length in bytes. That the slab is one constant lets
/// the compiler reduce a read to its bounds check and a load, a fifth cheaper than a segment that
/// travels as an argument; that it lies outside the heap lets the kernel fill it directly. Numbers
/// are read and written in network byte order; single bytes and shorts come back unsigned.
public final class Slab {
  private static final long SIZE_MIB_DEFAULT = 32;
  private static final long ALIGNMENT = 4096;

  private static final MemorySegment BYTES =
      Arena.global().allocate(Long.getLong("watari.slabMiB", SIZE_MIB_DEFAULT) << 20, ALIGNMENT);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  private static final Map<Integer, ArrayDeque<Long>> GIVEN_BACK = new HashMap<>();
  private static long taken;

  private Slab() {}

  /// Takes `bytes` bytes, aligned to 64, for as long as the caller likes.
  ///
  /// @throws IllegalStateException when the slab is full; `-Dwatari.slabMiB` makes it larger
  public static synchronized long take(int bytes) {
    int size = Math.addExact(bytes, 63) & ~63;
    var given = GIVEN_BACK.get(size);
    if (given != null && !given.isEmpty()) {
      return given.removeLast();
    }
    if (taken + size > BYTES.byteSize()) {
      throw new IllegalStateException(
          "the packet memory of "
              + (BYTES.byteSize() >> 20)
              + " MiB is used up; -Dwatari.slabMiB sets its size");
    }
    long at = taken;
    taken += size;
    return at;
  }

  /// Gives back what `take(bytes)` gave.
  public static synchronized void give(long at, int bytes) {
    int size = (bytes + 63) & ~63;
    GIVEN_BACK.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(at);
  }

  /// What nobody has ever taken, at the end of the slab.
  public static synchronized MemorySegment untaken() {
    return BYTES.asSlice(taken);
  }

  /// The address of offset 0, for system calls.
  public static long address() {
    return BYTES.address();
  }

  public static int byteAt(long at) {
    return BYTES.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  public static int shortAt(long at) {
    return BYTES.get(SHORT, at) & 0xffff;
  }

  public static int intAt(long at) {
    return BYTES.get(INT, at);
  }

  public static long longAt(long at) {
    return BYTES.get(LONG, at);
  }

  public static void putByte(long at, int value) {
    BYTES.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  public static void putShort(long at, int value) {
    BYTES.set(SHORT, at, (short) value);
  }

  public static void putInt(long at, int value) {
    BYTES.set(INT, at, value);
  }

  public static void putLong(long at, long value) {
    BYTES.set(LONG, at, value);
  }

  /// Moves bytes within the slab; source and target may overlap.
  public static void move(long from, long to, int bytes) {
    MemorySegment.copy(BYTES, from, BYTES, to, bytes);
  }

  public static void fill(long at, int bytes, int value) {
    BYTES.asSlice(at, bytes).fill((byte) value);
  }

  public static void read(long at, byte[] into, int offset, int bytes) {
    MemorySegment.copy(BYTES, ValueLayout.JAVA_BYTE, at, into, offset, bytes);
  }

  public static void write(long at, byte[] from, int offset, int bytes) {
    MemorySegment.copy(from, offset, BYTES, ValueLayout.JAVA_BYTE, at, bytes);
  }

  /// A copy of `bytes` bytes, for tests and captures.
  public static byte[] copy(long at, int bytes) {
    var copy = new byte[bytes];
    read(at, copy, 0, bytes);
    return copy;
  }

  /// A view of a part of the slab, for code outside the packet way.
  public static MemorySegment view(long at, int bytes) {
    return BYTES.asSlice(at, bytes);
  }
}
