package watari.core.path;

import java.util.Arrays;
import watari.core.wire.Ecn;
import watari.core.wire.Ipv4;
import watari.core.wire.Slab;

/// One packet whose fragments are being collected. Which of its bytes are there is a bit for every
/// eight of them, the unit of fragment offsets.
final class Datagram {
  private static final int UNIT = 8;
  private static final long FREE = Long.MIN_VALUE;

  private final byte[] bytes = new byte[Ipv4.LENGTH_MAX + UNIT];
  private final long[] there = new long[(Ipv4.LENGTH_MAX + 1) / UNIT / Long.SIZE];
  private final byte[] header = new byte[60];
  private int headerLength;
  private int nextHeader;
  private int unitsThere;
  private int length;
  private boolean isDead;
  private int reach;
  private int marks;
  private long begun = FREE;
  private long key0;
  private long key1;
  private long key2;
  private long key3;
  private long id;

  /// @param key0 and the other keys: the addresses
  void begin(long key0, long key1, long key2, long key3, long id, long now) {
    this.key0 = key0;
    this.key1 = key1;
    this.key2 = key2;
    this.key3 = key3;
    this.id = id;
    begun = now;
    headerLength = 0;
    unitsThere = 0;
    length = -1;
    reach = 0;
    marks = 0;
    isDead = false;
    Arrays.fill(there, 0);
  }

  void free() {
    begun = FREE;
  }

  boolean isUsed() {
    return begun != FREE;
  }

  /// Whether its fragments contradict each other; it stays so until its time is over, so that
  /// pieces still to come find it (RFC 5722 §4).
  boolean isDead() {
    return isDead;
  }

  /// When its first fragment came; less than any time while it is free.
  long begun() {
    return begun;
  }

  boolean isFor(long key0, long key1, long key2, long key3, long id) {
    return isUsed()
        && this.key0 == key0
        && this.id == id
        && this.key1 == key1
        && this.key2 == key2
        && this.key3 == key3;
  }

  void keepHeader(long at, int headerLength) {
    this.headerLength = headerLength;
    Slab.read(at, header, 0, headerLength);
  }

  int headerLength() {
    return headerLength;
  }

  void keepNextHeader(int nextHeader) {
    this.nextHeader = nextHeader;
  }

  int nextHeader() {
    return nextHeader;
  }

  /// Whether such a fragment can be at all.
  static boolean isPossible(int offset, boolean more, int count) {
    boolean isCut = more && count % UNIT != 0;
    return count > 0 && !isCut && offset + count <= Ipv4.LENGTH_MAX;
  }

  /// Adds `count` bytes at `offset`; says no when they contradict what is there, and from then on.
  ///
  /// @param ecn the ECN bits of the fragment's header
  boolean add(int offset, boolean more, long at, int count, int ecn) {
    int first = offset / UNIT;
    int end = (offset + count + UNIT - 1) / UNIT;
    int known = countThere(first, end);
    boolean isCopy = known == end - first && isSame(offset, at, count);
    if (isDead || contradicts(offset + count, more) || (known > 0 && !isCopy)) {
      isDead = true;
      return false;
    }
    if (!more) {
      length = offset + count;
    }
    reach = Math.max(reach, offset + count);
    marks |= 1 << ecn;
    if (!isCopy) {
      Slab.read(at, bytes, offset, count);
      mark(first, end);
    }
    return true;
  }

  /// Whether the fragment says another length of the whole than one before it did.
  private boolean contradicts(int end, boolean more) {
    if (length >= 0) {
      return more ? end >= length : end != length;
    }
    return !more && reach >= end;
  }

  private int countThere(int first, int end) {
    int count = 0;
    for (int unit = first; unit < end; unit++) {
      count += (int) (there[unit >>> 6] >>> unit) & 1;
    }
    return count;
  }

  private boolean isSame(int offset, long at, int count) {
    for (int i = 0; i < count; i++) {
      if ((bytes[offset + i] & 0xff) != Slab.byteAt(at + i)) {
        return false;
      }
    }
    return true;
  }

  private void mark(int first, int end) {
    for (int unit = first; unit < end; unit++) {
      there[unit >>> 6] |= 1L << unit;
    }
    unitsThere += end - first;
  }

  boolean isComplete() {
    return length >= 0 && headerLength > 0 && unitsThere == (length + UNIT - 1) / UNIT;
  }

  /// The ECN bits of the whole: congestion that one fragment met is the packet's (RFC 3168 §5.3),
  /// or [Ecn#IMPOSSIBLE] when another says that the ends cannot speak ECN.
  ///
  /// @param first the ECN bits of the first fragment
  int ecn(int first) {
    if ((marks & 1 << Ecn.CONGESTED) == 0) {
      return first;
    }
    return (marks & 1 << Ecn.NOT_CAPABLE) == 0 ? Ecn.CONGESTED : Ecn.IMPOSSIBLE;
  }

  /// Writes header and payload to `at`; returns their length.
  int copyTo(long at) {
    Slab.write(at, header, 0, headerLength);
    Slab.write(at + headerLength, bytes, 0, length);
    return headerLength + length;
  }
}
