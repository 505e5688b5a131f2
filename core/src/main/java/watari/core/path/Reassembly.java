package watari.core.path;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Randomness;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Ecn;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Outer;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;

/// Puts fragments together again, of the outer packet (RFC 8200 §4.5) or of the inner one (RFC 791
/// §3.2).
///
/// Memory is bounded, and so is the share of a source: its oldest unfinished packet gives way to
/// its newest, and where all is full, the oldest of all does. Fragments that overlap end their
/// packet (RFC 5722 §4); an exact copy of one that is there does no harm. The whole packet lies in
/// the slab until the next one is complete.
final class Reassembly {
  static final int OUTER_TIMEOUT_MILLIS = 60_000;
  static final int INNER_TIMEOUT_MILLIS = 30_000;

  /// How long a packet may take while memory is tight, and how long one whose first fragment has
  /// not come: of such a one nobody knows who sent it.
  static final int TIGHT_TIMEOUT_MILLIS = 15_000;

  static final int TIGHT_FIRST_MILLIS = 2_000;
  private static final int TRANSPORT_MIN = 8;
  private static final int HEADER_MAX = 60;
  private static final int WHOLE_MAX = Answers.HEADROOM + HEADER_MAX + Ipv4.LENGTH_MAX;
  private static final int SHARES = 1024;
  private static final int BLOCKS_A_RING = 4;

  private final FragmentMemory memory;
  private final int timeoutMillis;
  private final Tally tally;
  private final Late late;
  private final long key;
  private final long otherKey;
  private final Share all = Share.ofAll();
  private final Link[] rings;
  private final Share[] shares = new Share[SHARES];
  private final long whole = Slab.take(WHOLE_MAX);
  private Verdict verdict = Pass.HELD;
  private int wholeLength;

  /// Hears of a packet that is given up because its time is over, if its first fragment came and
  /// nothing was wrong with it.
  @FunctionalInterface
  interface Late {
    /// Nobody needs to know.
    Late UNSAID = (_, _, _) -> {};

    /// Says so to whom it concerns.
    ///
    /// @param at the first fragment, as it came but for extension headers before it
    /// @param length of that fragment
    void timedOut(long at, int length, long now);
  }

  private Reassembly(
      FragmentMemory memory, int timeoutMillis, Tally tally, Randomness randomness, Late late) {
    this.memory = memory;
    this.timeoutMillis = timeoutMillis;
    this.tally = tally;
    this.late = late;
    key = randomness.next();
    otherKey = randomness.next();
    rings = new Link[Integer.highestOneBit(memory.blocks() / BLOCKS_A_RING)];
    Arrays.setAll(rings, _ -> Link.head());
    Arrays.setAll(shares, _ -> all.part());
    memory.join(this);
  }

  static Reassembly ofOuter(FragmentMemory memory, Tally tally, Randomness randomness, Late late) {
    return new Reassembly(memory, OUTER_TIMEOUT_MILLIS, tally, randomness, late);
  }

  static Reassembly ofInner(FragmentMemory memory, Tally tally, Randomness randomness, Late late) {
    return new Reassembly(memory, INNER_TIMEOUT_MILLIS, tally, randomness, late);
  }

  /// Adds a fragment; when it was the missing one, `packet` is pulled again over the whole.
  /// Otherwise [#verdict] says what became of it.
  ///
  /// @param account whose memory it takes
  boolean completes(Packet packet, long account, long now) {
    return completes(packet, 0, 0, account, now);
  }

  /// The same for a fragment that was decapsulated. Fragments of different outer sources never
  /// meet: the check of the whole packet's source is then a check of each of them.
  boolean completes(Packet packet, Outer outer, long account, long now) {
    return completes(packet, outer.sourceHigh(), outer.sourceLow(), account, now);
  }

  private boolean completes(
      Packet packet, long outerSourceHigh, long outerSourceLow, long account, long now) {
    int offset = Ipv4.fragmentOffset(packet.at());
    boolean more = Ipv4.hasMoreFragments(packet.at());
    int bytes = packet.transportLength();
    if (isTiny(packet.protocol(), offset, bytes)) {
      return refuse(Drop.FRAGMENT_TINY);
    }
    if (!Datagram.isPossible(offset, more, bytes)) {
      return refuse(Drop.FRAGMENT_MALFORMED);
    }
    long addresses = (long) packet.source() << 32 | (packet.target() & 0xffffffffL);
    long id = (long) Ipv4.identification(packet.at()) << 8 | packet.protocol();
    Datagram datagram = find(addresses, outerSourceHigh, outerSourceLow, 0, id, account, now);
    int ecn = Ecn.of(Ipv4.trafficClass(packet.at()));
    if (!isAdded(datagram, offset, more, packet.transport(), bytes, ecn, account)) {
      return false;
    }
    if (offset == 0) {
      datagram.keepHeader(packet.at(), packet.headerLength(), bytes);
    }
    return isComplete(datagram) && isWhole(packet, datagram);
  }

  private boolean isWhole(Packet packet, Datagram datagram) {
    long at = whole + Answers.HEADROOM;
    int ecn = datagram.ecn(Ecn.of(Ipv4.trafficClass(at)));
    if (ecn == Ecn.IMPOSSIBLE) {
      return refuse(Drop.FRAGMENT_ECN_MIXED);
    }
    if (wholeLength > Ipv4.LENGTH_MAX) {
      return refuse(Drop.FRAGMENT_MALFORMED);
    }
    Ipv4.markEcn(at, ecn);
    Ipv4.makeWhole(at, datagram.headerLength(), wholeLength);
    if (!packet.pull(at, wholeLength)) {
      return refuse(packet.flaw());
    }
    return packet.isTransportChecksumRight() || refuse(Drop.FRAGMENTS_MIXED);
  }

  /// A first fragment must hold the whole fixed header of its transport; and nobody honest cuts TCP
  /// behind its eighth byte (RFC 1858 §3, RFC 3128 §3).
  private static boolean isTiny(int protocol, int offset, int bytes) {
    boolean isTcp = protocol == Protocol.TCP;
    return offset == 0
        ? bytes < (isTcp ? Tcp.HEADER : TRANSPORT_MIN)
        : isTcp && offset == TRANSPORT_MIN;
  }

  /// Adds a fragment; when it was the missing one, `outer` is pulled again over the whole.
  /// Otherwise [#verdict] says what became of it.
  ///
  /// @param account whose memory it takes; where the first fragment says another than those before
  ///   it, all of the packet is the other's from then on
  boolean completes(Outer outer, long account, long now) {
    int offset = outer.fragmentOffset();
    int bytes = outer.payloadLength();
    if (offset == 0 && bytes < leastOf(outer)) {
      return refuse(Drop.FRAGMENT_TINY);
    }
    if (!Datagram.isPossible(offset, outer.hasMoreFragments(), bytes)) {
      return refuse(Drop.FRAGMENT_MALFORMED);
    }
    Datagram datagram =
        find(
            outer.sourceHigh(),
            outer.sourceLow(),
            outer.targetHigh(),
            outer.targetLow(),
            outer.fragmentId() & 0xffffffffL,
            account,
            now);
    boolean more = outer.hasMoreFragments();
    int ecn = Ecn.of(outer.trafficClass());
    if (!isAdded(datagram, offset, more, outer.payload(), bytes, ecn, account)) {
      return false;
    }
    if (offset == 0) {
      datagram.keepHeader(outer.at(), Ipv6.HEADER, bytes);
      datagram.keepNextHeader(outer.nextHeader());
    }
    return isComplete(datagram) && isWhole(outer, datagram);
  }

  /// How many bytes of the header behind the last extension a first fragment must have (RFC 8200
  /// §4.5).
  private static int leastOf(Outer outer) {
    return outer.nextHeader() == Protocol.IPV4 ? Ipv4.HEADER : TRANSPORT_MIN;
  }

  private boolean isWhole(Outer outer, Datagram datagram) {
    long at = whole + Answers.HEADROOM;
    int ecn = datagram.ecn(Ecn.of(Ipv6.trafficClass(at)));
    if (ecn == Ecn.IMPOSSIBLE) {
      return refuse(Drop.FRAGMENT_ECN_MIXED);
    }
    Ipv6.markEcn(at, ecn);
    Slab.putShort(at + 4, wholeLength - Ipv6.HEADER);
    Slab.putByte(at + 6, datagram.nextHeader());
    if (!outer.pull(at, wholeLength)) {
      return refuse(outer.flaw());
    }
    // a fragment of a fragment: the whole is still a piece
    return !outer.isFragment() || refuse(Drop.FRAGMENT_MALFORMED);
  }

  /// What became of a fragment that completed nothing.
  Verdict verdict() {
    return verdict;
  }

  private boolean refuse(Drop why) {
    verdict = why;
    return false;
  }

  private boolean isAdded(
      Datagram datagram, int offset, boolean more, long at, int bytes, int ecn, long account) {
    verdict = datagram.judge(offset, more, at, bytes);
    if (verdict != Pass.HELD) {
      return false;
    }
    if (offset == 0) {
      datagram.moveTo(shareOf(account));
    }
    makeRoom(datagram, datagram.blocksWanted(offset, bytes));
    datagram.put(offset, more, at, bytes, ecn);
    return true;
  }

  private boolean isComplete(Datagram datagram) {
    verdict = Pass.HELD;
    if (!datagram.isComplete()) {
      return false;
    }
    wholeLength = datagram.copyTo(whole + Answers.HEADROOM);
    datagram.end();
    return true;
  }

  private Datagram find(
      long key0, long key1, long key2, long key3, long id, long account, long now) {
    Link ring = ring(key0, key1, key2, key3, id);
    for (Link link = ring.behind(); link != ring; link = link.behind()) {
      Datagram datagram = link.datagram();
      if (datagram != null && datagram.isFor(key0, key1, key2, key3, id)) {
        if (!isOver(datagram, now)) {
          return datagram;
        }
        timeOut(datagram, now);
        break;
      }
    }
    while (memory.freeBlocks() == 0) {
      memory.mostLaden().giveWayTo(null);
    }
    Datagram datagram = memory.takeNote();
    datagram.begin(key0, key1, key2, key3, id, now);
    datagram.moveTo(shareOf(account));
    all.packets().append(datagram.inAge());
    ring.append(datagram.inHash());
    return datagram;
  }

  /// The packets with the same hash. Who does not know the keys cannot choose packets that meet.
  private Link ring(long key0, long key1, long key2, long key3, long id) {
    long hash = Randomness.mix(key0 ^ key) + key1;
    hash = Randomness.mix(hash ^ otherKey) + key2;
    hash = Randomness.mix(hash ^ key) + key3;
    return rings[(int) Randomness.mix(hash ^ id ^ otherKey) & (rings.length - 1)];
  }

  /// What a source holds; seldom, two sources have one share.
  private Share shareOf(long account) {
    return shares[(int) Randomness.mix(Randomness.mix(account ^ key) ^ otherKey) & (SHARES - 1)];
  }

  /// Lets the oldest packets of the source go, and of all, until there is room for so many blocks
  /// more. A source has room for the longest packet, so that the packet itself never goes.
  private void makeRoom(Datagram datagram, int wanted) {
    Share share = datagram.share();
    while (share != null && share.blocks() + wanted > memory.shareMax()) {
      loseOldest(share, datagram);
    }
    while (memory.freeBlocks() < wanted) {
      memory.mostLaden().giveWayTo(datagram);
    }
  }

  /// Loses the oldest packet of all here.
  ///
  /// @param needy the packet that the room is for, which stays
  void giveWayTo(@Nullable Datagram needy) {
    loseOldest(all, needy);
  }

  private void loseOldest(Share share, @Nullable Datagram needy) {
    Datagram oldest = share.packets().firstBut(needy);
    if (oldest == null) {
      throw new IllegalStateException("one packet holds all the memory that there is for many");
    }
    lose(oldest, Drop.FRAGMENT_MEMORY_FULL);
  }

  private void lose(Datagram datagram, Drop why) {
    tally.countLost(why, datagram.isDead() ? 0 : 1);
    datagram.end();
  }

  /// How many blocks the packets here hold.
  int blocks() {
    return all.blocks();
  }

  private boolean isOver(Datagram datagram, long now) {
    long waited = now - datagram.begun();
    boolean isFirstAwaited = !datagram.hasFirst() && !datagram.isDead();
    int tight = isFirstAwaited ? TIGHT_FIRST_MILLIS : TIGHT_TIMEOUT_MILLIS;
    return waited >= timeoutMillis || (waited >= tight && memory.isTight());
  }

  private void timeOut(Datagram datagram, long now) {
    if (datagram.hasFirst() && !datagram.isDead()) {
      late.timedOut(whole + Answers.HEADROOM, first(datagram), now);
    }
    lose(datagram, Drop.FRAGMENT_TIMED_OUT);
  }

  /// Writes the first fragment of a packet to where the whole would lie; returns its length.
  private int first(Datagram datagram) {
    long at = whole + Answers.HEADROOM;
    int header = datagram.headerTo(at);
    boolean isInner = Slab.byteAt(at) >>> 4 == 4;
    return isInner
        ? header + datagram.firstPayloadTo(at + header)
        : Ipv6.FRAGMENT_HEADER + header + firstOfOuter(datagram, at);
  }

  private static int firstOfOuter(Datagram datagram, long at) {
    long fragment = at + Ipv6.HEADER;
    int bytes = datagram.firstPayloadTo(fragment + Ipv6.FRAGMENT_HEADER);
    Slab.putShort(at + 4, Ipv6.FRAGMENT_HEADER + bytes);
    Slab.putByte(at + 6, Protocol.FRAGMENT);
    Slab.putInt(fragment, datagram.nextHeader() << 24 | 1);
    Slab.putInt(fragment + 4, (int) datagram.id());
    return bytes;
  }

  /// Gives its memory back; once, and nothing may be called after it.
  void close() {
    Slab.give(whole, WHOLE_MAX);
  }

  /// Gives up what has waited too long. The oldest are asked first; while memory is tight all are,
  /// since some may take less time than others.
  void age(long now) {
    Link head = all.packets();
    Link link = head.behind();
    while (link != head) {
      Datagram datagram = link.datagram();
      link = link.behind();
      if (datagram != null && isOver(datagram, now)) {
        timeOut(datagram, now);
      } else if (!memory.isTight()) {
        return;
      }
    }
  }
}
