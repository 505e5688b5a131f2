package watari.core.path;

import watari.core.wire.Slab;

/// The memory that the unfinished packets of a node lie in: blocks of 1 KiB, chained for each
/// packet. What of a block is there is a bit for every eight bytes, the unit of fragment offsets;
/// so is where a fragment begins.
///
/// ```
/// Datagram -> block 0 of the packet -> block 7 -> block 1 ...     in the order they were needed
/// ```
///
/// The blocks are taken from the heap a shelf at a time, when more packets wait than ever before; a
/// node that sees few fragments needs one shelf.
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

  /// How many blocks lie on a shelf, one MiB of them.
  static final int SHELF = 1024;

  private final int blocks;
  private final Shelf[] shelves;
  private final Link notes = Link.head();
  private final Reassembly[] ways = new Reassembly[WAYS_MAX];
  private int waysCount;
  private int opened;
  private int free = NOWHERE;
  private int freeCount;

  /// @param bytes how much there may be, with everything that is needed to find it again; at least
  ///   [#LEAST_BYTES]
  FragmentMemory(int bytes) {
    blocks = bytes / BLOCK_AND_NOTE;
    shelves = new Shelf[Math.ceilDiv(blocks, SHELF)];
    freeCount = blocks;
    openShelf();
  }

  /// Adds the blocks of one more shelf to those that are free, and a note for each.
  private void openShelf() {
    int end = Math.min(blocks, opened + SHELF);
    var shelf = new Shelf(end - opened);
    shelves[opened / SHELF] = shelf;
    for (int block = opened; block < end; block++) {
      shelf.next[block % SHELF] = block + 1 < end ? block + 1 : free;
      notes.append(new Datagram(this).inAge());
    }
    free = opened;
    opened = end;
  }

  int blocks() {
    return blocks;
  }

  /// How many of them there is memory for already.
  int openedBlocks() {
    return opened;
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
    if (free == NOWHERE) {
      openShelf();
    }
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
    if (free == NOWHERE) {
      openShelf();
    }
    int block = free;
    var shelf = shelf(block);
    int i = block % SHELF;
    free = shelf.next[i];
    freeCount--;
    shelf.next[i] = behind;
    shelf.places[i] = (byte) place;
    shelf.there[i * 2] = 0;
    shelf.there[i * 2 + 1] = 0;
    shelf.begins[i * 2] = 0;
    shelf.begins[i * 2 + 1] = 0;
    return block;
  }

  void give(int block) {
    shelf(block).next[block % SHELF] = free;
    free = block;
    freeCount++;
  }

  int next(int block) {
    return shelf(block).next[block % SHELF];
  }

  void cutBehind(int block) {
    shelf(block).next[block % SHELF] = NOWHERE;
  }

  int place(int block) {
    return shelf(block).places[block % SHELF];
  }

  /// How many of the units `from` to `to` - 1 of a block are there.
  int countThere(int block, int from, int to) {
    return count(shelf(block).there, block % SHELF, from, to);
  }

  /// How many fragments begin there.
  int countBegins(int block, int from, int to) {
    return count(shelf(block).begins, block % SHELF, from, to);
  }

  private static int count(long[] bits, int i, int from, int to) {
    return Long.bitCount(bits[i * 2] & low(from, to))
        + Long.bitCount(bits[i * 2 + 1] & high(from, to));
  }

  void markThere(int block, int from, int to) {
    long[] there = shelf(block).there;
    int i = block % SHELF;
    there[i * 2] |= low(from, to);
    there[i * 2 + 1] |= high(from, to);
  }

  void markBegin(int block, int unit) {
    shelf(block).begins[block % SHELF * 2 + (unit >>> 6)] |= 1L << unit;
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

  private Shelf shelf(int block) {
    return shelves[block / SHELF];
  }

  /// Where a block begins on its shelf.
  private static int start(int block) {
    return block % SHELF * BLOCK;
  }

  void read(long at, int block, int offset, int count) {
    Slab.read(at, shelf(block).bytes, start(block) + offset, count);
  }

  void write(long at, int block, int offset, int count) {
    Slab.write(at, shelf(block).bytes, start(block) + offset, count);
  }

  boolean isSame(long at, int block, int offset, int count) {
    byte[] bytes = shelf(block).bytes;
    int from = start(block) + offset;
    for (int i = 0; i < count; i++) {
      if ((bytes[from + i] & 0xff) != Slab.byteAt(at + i)) {
        return false;
      }
    }
    return true;
  }

  /// Some of the blocks, with what is known about each.
  private static final class Shelf {
    private final byte[] bytes;
    private final long[] there;
    private final long[] begins;
    private final int[] next;
    private final byte[] places;

    Shelf(int blocks) {
      bytes = new byte[blocks * BLOCK];
      there = new long[blocks * 2];
      begins = new long[blocks * 2];
      next = new int[blocks];
      places = new byte[blocks];
    }
  }
}
