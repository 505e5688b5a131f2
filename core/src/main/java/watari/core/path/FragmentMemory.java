package watari.core.path;

import watari.core.wire.Slab;

/// The memory that the unfinished packets of a node lie in: blocks of 1 KiB, chained for each
/// packet, taken once at the start. What of a block is there is a bit for every eight bytes, the
/// unit of fragment offsets; so is where a fragment begins.
///
/// ```
/// Datagram -> block 0 of the packet -> block 7 -> block 1 ...     in the order they were needed
/// ```
///
/// All reassemblies of a node share it. When it is full, the one that holds most gives up its
/// oldest packet, so that a flood by one way leaves the other ways theirs. A source has no more
/// than a sixteenth.
final class FragmentMemory {
  static final int BLOCK = 1024;
  static final int UNIT = 8;
  static final int UNITS = BLOCK / UNIT;
  static final int NOWHERE = -1;

  /// The purpose of the [watari.core.nat.Randomness#branch] of everything about fragments.
  static final int KEYS = 1;

  static final int RELAY_BYTES = 64 << 20;

  /// What is needed at least: the sixteenth of one source then holds the longest packet.
  static final int LEAST_BYTES = 2 << 20;

  /// A block with its bits and links, and the note of a packet, of which there are as many.
  private static final int BLOCK_AND_NOTE = 1360;

  static final int SOURCES = 16;
  private static final int WAYS_MAX = 3;

  private final int blocks;
  private final byte[] bytes;
  private final long[] there;
  private final long[] begins;
  private final int[] next;
  private final byte[] places;
  private final Link notes = Link.head();
  private final Reassembly[] ways = new Reassembly[WAYS_MAX];
  private int waysCount;
  private int free;
  private int freeCount;

  /// @param bytes how much there is, with everything that is needed to find it again; at least
  ///   [#LEAST_BYTES]
  FragmentMemory(int bytes) {
    blocks = bytes / BLOCK_AND_NOTE;
    this.bytes = new byte[blocks * BLOCK];
    there = new long[blocks * 2];
    begins = new long[blocks * 2];
    next = new int[blocks];
    places = new byte[blocks];
    freeCount = blocks;
    for (int block = 0; block < blocks; block++) {
      next[block] = block + 1 < blocks ? block + 1 : NOWHERE;
      notes.append(new Datagram(this).inAge());
    }
  }

  int blocks() {
    return blocks;
  }

  int freeBlocks() {
    return freeCount;
  }

  /// How many blocks one source may hold.
  int shareMax() {
    return blocks / SOURCES;
  }

  /// Whether more than half is in use, so that nobody can be waited for as long as usual.
  boolean isTight() {
    return freeCount < blocks / 2;
  }

  void join(Reassembly way) {
    ways[waysCount++] = way;
  }

  /// The reassembly that holds most.
  Reassembly mostLaden() {
    Reassembly most = ways[0];
    for (int i = 1; i < waysCount; i++) {
      most = ways[i].blocks() > most.blocks() ? ways[i] : most;
    }
    return most;
  }

  /// A note for one more packet. There is one as long as there is a free block, since each packet
  /// holds one at least.
  Datagram takeNote() {
    Datagram note = notes.behind().datagram();
    if (note == null) {
      throw new IllegalStateException("a packet without a block is waiting");
    }
    note.inAge().leave();
    return note;
  }

  void giveNote(Datagram note) {
    notes.append(note.inAge());
  }

  /// A free block, for the bytes from `place` times 1024 on.
  ///
  /// @param behind the block that it is chained before, or [#NOWHERE]
  int take(int place, int behind) {
    int block = free;
    free = next[block];
    freeCount--;
    next[block] = behind;
    places[block] = (byte) place;
    there[block * 2] = 0;
    there[block * 2 + 1] = 0;
    begins[block * 2] = 0;
    begins[block * 2 + 1] = 0;
    return block;
  }

  void give(int block) {
    next[block] = free;
    free = block;
    freeCount++;
  }

  int next(int block) {
    return next[block];
  }

  void cutBehind(int block) {
    next[block] = NOWHERE;
  }

  int place(int block) {
    return places[block];
  }

  /// How many of the units `from` to `to` - 1 of a block are there.
  int countThere(int block, int from, int to) {
    return Long.bitCount(there[block * 2] & low(from, to))
        + Long.bitCount(there[block * 2 + 1] & high(from, to));
  }

  /// How many fragments begin there.
  int countBegins(int block, int from, int to) {
    return Long.bitCount(begins[block * 2] & low(from, to))
        + Long.bitCount(begins[block * 2 + 1] & high(from, to));
  }

  void markThere(int block, int from, int to) {
    there[block * 2] |= low(from, to);
    there[block * 2 + 1] |= high(from, to);
  }

  void markBegin(int block, int unit) {
    begins[block * 2 + (unit >>> 6)] |= 1L << unit;
  }

  private static long low(int from, int to) {
    return from < Long.SIZE && from < to ? below(to) & ~below(from) : 0;
  }

  private static long high(int from, int to) {
    return to > Long.SIZE ? below(to - Long.SIZE) & ~below(Math.max(0, from - Long.SIZE)) : 0;
  }

  private static long below(int bit) {
    return bit >= Long.SIZE ? -1 : (1L << bit) - 1;
  }

  void read(long at, int block, int offset, int count) {
    Slab.read(at, bytes, block * BLOCK + offset, count);
  }

  void write(long at, int block, int offset, int count) {
    Slab.write(at, bytes, block * BLOCK + offset, count);
  }

  boolean isSame(long at, int block, int offset, int count) {
    int from = block * BLOCK + offset;
    for (int i = 0; i < count; i++) {
      if ((bytes[from + i] & 0xff) != Slab.byteAt(at + i)) {
        return false;
      }
    }
    return true;
  }
}
