package watari.core.path;

import static watari.core.path.FragmentMemory.BLOCK;
import static watari.core.path.FragmentMemory.NOWHERE;
import static watari.core.path.FragmentMemory.UNIT;
import static watari.core.path.FragmentMemory.UNITS;

import org.jspecify.annotations.Nullable;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.Ecn;
import watari.core.wire.Ipv4;
import watari.core.wire.Slab;

/// One packet whose fragments are being collected: a note of what is known about it, and the chain
/// of its blocks in the [FragmentMemory].
final class Datagram {
  /// How many blocks the longest packet needs.
  static final int BLOCKS_MAX = (Ipv4.LENGTH_MAX + BLOCK - 1) / BLOCK;

  /// In how many fragments a packet may come; nobody honest needs more on a line of IPv6, whose
  /// links carry 1280 bytes and more.
  static final int FRAGMENTS_MAX = 64;

  private final FragmentMemory memory;
  private final Link inAge = Link.of(this);
  private final Link inHash = Link.of(this);
  private final Link inShare = Link.of(this);
  private final byte[] header = new byte[60];
  private @Nullable Share share;
  private @Nullable Drop death;
  private int headerLength;
  private int firstBytes;
  private int nextHeader;
  private int chain;
  private int blocks;
  private int fragments;
  private int unitsThere;
  private int length;
  private int reach;
  private int marks;
  private long begun;
  private long key0;
  private long key1;
  private long key2;
  private long key3;
  private long id;
  private boolean isCopy;

  Datagram(FragmentMemory memory) {
    this.memory = memory;
  }

  /// @param key0 and the other keys: the addresses
  void begin(long key0, long key1, long key2, long key3, long id, long now) {
    this.key0 = key0;
    this.key1 = key1;
    this.key2 = key2;
    this.key3 = key3;
    this.id = id;
    begun = now;
    death = null;
    headerLength = 0;
    firstBytes = 0;
    chain = NOWHERE;
    blocks = 0;
    fragments = 0;
    unitsThere = 0;
    length = -1;
    reach = 0;
    marks = 0;
  }

  /// Its place among the packets of a reassembly, the oldest first; or among the notes not in use.
  Link inAge() {
    return inAge;
  }

  /// Its place among the packets with the same hash.
  Link inHash() {
    return inHash;
  }

  /// Whose it is.
  @Nullable Share share() {
    return share;
  }

  /// Puts it among the packets of another source, or of none.
  void moveTo(@Nullable Share target) {
    if (share == target) {
      return;
    }
    if (share != null) {
      share.count(-blocks);
      inShare.leave();
    }
    share = target;
    if (target != null) {
      target.count(blocks);
      target.packets().append(inShare);
    }
  }

  int blocks() {
    return blocks;
  }

  /// Whether its fragments cannot be one packet; it stays so until its time is over, so that pieces
  /// still to come find it (RFC 5722 §4).
  boolean isDead() {
    return death != null;
  }

  /// When its first fragment came.
  long begun() {
    return begun;
  }

  boolean isFor(long key0, long key1, long key2, long key3, long id) {
    return this.key0 == key0
        && this.id == id
        && this.key1 == key1
        && this.key2 == key2
        && this.key3 == key3;
  }

  /// Keeps what stands before the fragment at offset 0.
  ///
  /// @param bytes how many bytes of the payload that fragment has
  void keepHeader(long at, int headerLength, int bytes) {
    this.headerLength = headerLength;
    firstBytes = bytes;
    Slab.read(at, header, 0, headerLength);
  }

  /// Whether the fragment at offset 0 is there.
  boolean hasFirst() {
    return headerLength > 0;
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

  long id() {
    return id;
  }

  /// Whether such a fragment can be at all.
  static boolean isPossible(int offset, boolean more, int count) {
    return count > 0 && !isCut(more, count) && !isBeyond(offset, count);
  }

  /// Whether it ends where no fragment that is not the last may end.
  static boolean isCut(boolean more, int count) {
    return more && count % UNIT != 0;
  }

  /// Whether it ends where no packet may.
  static boolean isBeyond(int offset, int count) {
    return offset + count > Ipv4.LENGTH_MAX;
  }

  /// What a fragment of `count` bytes at `offset` means for the packet: [Pass#HELD] when it can be
  /// [put][#put]; otherwise why it ends the packet, from now on.
  Verdict judge(int offset, boolean more, long at, int count) {
    if (death != null) {
      return death;
    }
    int first = offset / UNIT;
    int end = (offset + count + UNIT - 1) / UNIT;
    int known = countThere(first, end);
    isCopy = known == end - first && isFragment(first, end) && isSame(offset, at, count);
    if (contradicts(offset + count, more) || (known > 0 && !isCopy)) {
      return die(Drop.FRAGMENT_OVERLAPPING);
    }
    if (!isCopy && fragments == FRAGMENTS_MAX) {
      return die(Drop.FRAGMENTS_TOO_MANY);
    }
    return Pass.HELD;
  }

  private Verdict die(Drop why) {
    death = why;
    // one block stays: there are as many notes as blocks
    count(1 - blocks);
    int next = memory.next(chain);
    memory.cutBehind(chain);
    giveChain(next);
    return why;
  }

  private void count(int more) {
    blocks += more;
    if (share != null) {
      share.count(more);
    }
  }

  private void giveChain(int from) {
    int block = from;
    while (block != NOWHERE) {
      int next = memory.next(block);
      memory.give(block);
      block = next;
    }
  }

  /// Whether the fragment says another length of the whole than one before it did.
  private boolean contradicts(int end, boolean more) {
    if (length >= 0) {
      return more ? end >= length : end != length;
    }
    return !more && reach >= end;
  }

  private int blockAt(int place) {
    int block = chain;
    while (block != NOWHERE && memory.place(block) != place) {
      block = memory.next(block);
    }
    return block;
  }

  private int countThere(int first, int end) {
    int count = 0;
    for (int place = first / UNITS; place * UNITS < end; place++) {
      int block = blockAt(place);
      int from = Math.max(0, first - place * UNITS);
      int to = Math.min(UNITS, end - place * UNITS);
      count += block == NOWHERE ? 0 : memory.countThere(block, from, to);
    }
    return count;
  }

  /// Whether these units, which are there, came as one fragment.
  private boolean isFragment(int first, int end) {
    return countBegins(first, first + 1) == 1
        && countBegins(first + 1, end) == 0
        && (countThere(end, end + 1) == 0 || countBegins(end, end + 1) == 1);
  }

  private int countBegins(int first, int end) {
    int count = 0;
    for (int place = first / UNITS; place * UNITS < end; place++) {
      int block = blockAt(place);
      int from = Math.max(0, first - place * UNITS);
      int to = Math.min(UNITS, end - place * UNITS);
      count += block == NOWHERE ? 0 : memory.countBegins(block, from, to);
    }
    return count;
  }

  private boolean isSame(int offset, long at, int count) {
    for (int done = 0; done < count; ) {
      int place = (offset + done) / BLOCK;
      int from = (offset + done) % BLOCK;
      int bytes = Math.min(BLOCK - from, count - done);
      if (!memory.isSame(at + done, blockAt(place), from, bytes)) {
        return false;
      }
      done += bytes;
    }
    return true;
  }

  /// How many blocks [#put] will take.
  int blocksWanted(int offset, int count) {
    int wanted = 0;
    for (int place = offset / BLOCK; place * BLOCK < offset + count; place++) {
      wanted += blockAt(place) == NOWHERE ? 1 : 0;
    }
    return wanted;
  }

  /// Adds the fragment that was just judged.
  ///
  /// @param ecn the ECN bits of the fragment's header
  void put(int offset, boolean more, long at, int count, int ecn) {
    if (!more) {
      length = offset + count;
    }
    reach = Math.max(reach, offset + count);
    marks |= 1 << ecn;
    if (isCopy) {
      return;
    }
    fragments++;
    for (int done = 0; done < count; ) {
      int from = (offset + done) % BLOCK;
      int bytes = Math.min(BLOCK - from, count - done);
      int block = blockFor((offset + done) / BLOCK);
      memory.read(at + done, block, from, bytes);
      memory.markThere(block, from / UNIT, (from + bytes + UNIT - 1) / UNIT);
      if (done == 0) {
        memory.markBegin(block, from / UNIT);
      }
      done += bytes;
    }
    unitsThere += (count + UNIT - 1) / UNIT;
  }

  private int blockFor(int place) {
    int block = blockAt(place);
    if (block == NOWHERE) {
      block = memory.take(place, chain);
      chain = block;
      count(1);
    }
    return block;
  }

  boolean isComplete() {
    return length >= 0 && hasFirst() && unitsThere == (length + UNIT - 1) / UNIT;
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
    return headerTo(at) + payloadTo(at + headerLength, length);
  }

  /// Writes what the fragment at offset 0 had before its payload; returns its length.
  int headerTo(long at) {
    Slab.write(at, header, 0, headerLength);
    return headerLength;
  }

  /// Writes the payload of the fragment at offset 0; returns its length.
  int firstPayloadTo(long at) {
    return payloadTo(at, firstBytes);
  }

  private int payloadTo(long at, int bytes) {
    for (int block = chain; block != NOWHERE; block = memory.next(block)) {
      int from = memory.place(block) * BLOCK;
      if (from < bytes) {
        memory.write(at + from, block, 0, Math.min(BLOCK, bytes - from));
      }
    }
    return bytes;
  }

  /// Gives everything back.
  void end() {
    giveChain(chain);
    moveTo(null);
    inAge.leave();
    inHash.leave();
    memory.giveNote(this);
  }
}
