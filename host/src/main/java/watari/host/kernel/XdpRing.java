package watari.host.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// A ring that a socket of `AF_XDP` shares with the kernel: one side puts entries in, the other
/// takes them out (`linux/if_xdp.h`). Fill and sending are put in here and taken out by the kernel;
/// receiving and completion the other way round.
///
/// Each side counts its entries in 32 bits without end, and an entry lies at the count modulo the
/// size. What a side has done the other one sees when it is published.
///
/// One thread owns it.
public final class XdpRing {
  /// Where its parts are in the memory of a ring (`struct xdp_ring_offset`).
  ///
  /// @param producer the count of the side that puts in
  /// @param consumer the count of the side that takes out
  /// @param flags whether the kernel sleeps
  /// @param entries the first one
  public record Places(long producer, long consumer, long flags, long entries) {}

  /// The side of the ring that we are.
  enum Side {
    PUTS,
    TAKES
  }

  private static final int NEEDS_WAKEUP = 1;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final VarHandle COUNT = INT.varHandle();

  private final MemorySegment memory;
  private final long ours;
  private final long theirs;
  private final long flags;
  private final long entries;
  private final long entryBytes;
  private final int size;

  /// How far the other side may be behind us: of what it takes out a whole ring, else nothing.
  private final int lead;

  /// Ours, published or not.
  private int count;

  /// Theirs, when it was read last.
  private int seen;

  /// @param size entries, a power of two
  /// @param entryBytes 8 for addresses alone, 16 with lengths
  XdpRing(MemorySegment memory, Places places, Side side, int size, int entryBytes) {
    if (Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("a ring has a power of two of entries, not " + size);
    }
    boolean puts = side == Side.PUTS;
    this.memory = memory;
    this.size = size;
    this.entryBytes = entryBytes;
    ours = puts ? places.producer : places.consumer;
    theirs = puts ? places.consumer : places.producer;
    flags = places.flags;
    entries = places.entries;
    lead = puts ? size : 0;
    count = (int) COUNT.getAcquire(memory, ours);
    seen = (int) COUNT.getAcquire(memory, theirs);
  }

  static int bytes(Places places, int size, int entryBytes) {
    return Math.toIntExact(places.entries + (long) size * entryBytes);
  }

  public int size() {
    return size;
  }

  /// How many entries can be put in or taken out now. It asks the other side only when it knows of
  /// none.
  public int ready() {
    int known = seen + lead - count;
    if (known == 0) {
      seen = (int) COUNT.getAcquire(memory, theirs);
      known = seen + lead - count;
    }
    return known;
  }

  /// How many entries that we have put in and published the other side has not taken out yet.
  public int waiting() {
    seen = (int) COUNT.getAcquire(memory, theirs);
    return count - seen;
  }

  private long entry() {
    return entries + (count & size - 1) * entryBytes;
  }

  /// Puts in an address; [#ready] has said that there is room.
  public void put(long address) {
    memory.set(LONG, entry(), address);
    count++;
  }

  /// Puts in an address and a length; [#ready] has said that there is room.
  public void put(long address, int length) {
    long at = entry();
    memory.set(LONG, at, address);
    memory.set(INT, at + 8, length);
    memory.set(INT, at + 12, 0);
    count++;
  }

  /// The address of the next entry, which [#ready] has said is there.
  public long address() {
    return memory.get(LONG, entry());
  }

  /// The length of the next entry.
  public int length() {
    return memory.get(INT, entry() + 8);
  }

  /// Takes the next entry out.
  public void take() {
    count++;
  }

  /// Lets the other side see what has been put in or taken out.
  public void publish() {
    COUNT.setRelease(memory, ours, count);
  }

  /// Whether the kernel looks at the ring only when it is told to.
  public boolean needsWakeup() {
    return ((int) COUNT.getOpaque(memory, flags) & NEEDS_WAKEUP) != 0;
  }
}
