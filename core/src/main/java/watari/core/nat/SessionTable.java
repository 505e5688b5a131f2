package watari.core.nat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The sessions, 64 bytes each outside the heap, found in constant time from both sides.
///
/// ```
///  0  inside: address 32 | port 16 | protocol 8 | state 8       32  next in the inside's chain
///  8  remote: address 32 | port 16 | outer port 16              36  next in the outside's chain
/// 16  last packet, milliseconds                                 40  next in the peer's chain
/// 24  mapping                                                   44  previous in the peer's chain
/// 48  TCP: next sequence number of the inside | of the remote | 56  last acknowledged by the inside
/// 60  the stay of its mapping that it belongs to, or 0
/// ```
///
/// Three chains of equal hash: the *inside* by all of inside, remote and protocol; the *outside* by
/// outer port, remote and protocol; the *peer* by outer port, remote address and protocol, which
/// answers whether a mapping has spoken to an address (RFC 4787 §5). Hashes are keyed, so that
/// nobody outside can build long chains.
final class SessionTable {
  static final int NONE = -1;

  /// State bits beside those of TCP: it has heard from the remote end; the remote port tells it
  /// from another endpoint's; it began outside.
  static final int HEARD = 32;

  static final int CROWDING = 64;
  static final int FROM_OUTSIDE = 128;

  private static final int BYTES = 64;
  private static final long INSIDE = 0;
  private static final long REMOTE = 8;
  private static final long LAST = 16;
  private static final long MAPPING = 24;
  private static final long NEXT_INSIDE = 32;
  private static final long NEXT_OUTSIDE = 36;
  private static final long NEXT_PEER = 40;
  private static final long PREVIOUS_PEER = 44;
  private static final long NEXT_OUT = 48;
  private static final long NEXT_IN = 52;
  private static final long ACKNOWLEDGED = 56;
  private static final long STAY = 60;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final MemorySegment memory;
  private final int[] insideHeads;
  private final int[] outsideHeads;
  private final int[] peerHeads;
  private final int mask;
  private final long oneFactor;
  private final long otherFactor;
  private final int capacity;
  private int size;
  private int neverUsed;
  private int firstFree = NONE;

  SessionTable(SegmentAllocator memory, int capacity, long secret) {
    this.memory = memory.allocate((long) capacity * BYTES, BYTES);
    this.capacity = capacity;
    oneFactor = secret | 1;
    otherFactor = Randomness.mix(secret) | 1;
    int heads = Integer.highestOneBit(Math.max(2, capacity - 1)) << 1;
    mask = heads - 1;
    insideHeads = new int[heads];
    outsideHeads = new int[heads];
    peerHeads = new int[heads];
    Arrays.fill(insideHeads, NONE);
    Arrays.fill(outsideHeads, NONE);
    Arrays.fill(peerHeads, NONE);
  }

  int size() {
    return size;
  }

  int capacity() {
    return capacity;
  }

  boolean isFull() {
    return size == capacity;
  }

  /// Every session ever made lies below this number.
  int span() {
    return neverUsed;
  }

  private static long inside(int address, int port, int protocol) {
    return (long) address << 32 | (long) port << 16 | (long) protocol << 8;
  }

  private static long remote(int address, int port, int outerPort) {
    return (long) address << 32 | (long) port << 16 | outerPort;
  }

  /// Two secret factors: who does not know them cannot choose pairs that meet before the mixing.
  private int hash(long one, long other) {
    return (int) Randomness.mix(one * oneFactor + other * otherFactor) & mask;
  }

  int findInside(int address, int port, int protocol, int remoteAddress, int remotePort) {
    long inside = inside(address, port, protocol);
    long remote = remote(remoteAddress, remotePort, 0);
    int session = insideHeads[hash(inside, remote)];
    while (session != NONE
        && ((longAt(session, INSIDE) & ~0xffL) != inside
            || (longAt(session, REMOTE) & ~0xffffL) != remote)) {
      session = intAt(session, NEXT_INSIDE);
    }
    return session;
  }

  int findOutside(int outerPort, int protocol, int remoteAddress, int remotePort) {
    long remote = remote(remoteAddress, remotePort, outerPort);
    int session = outsideHeads[hash(protocol, remote)];
    while (session != NONE
        && (longAt(session, REMOTE) != remote || protocol(session) != protocol)) {
      session = intAt(session, NEXT_OUTSIDE);
    }
    return session;
  }

  /// Some session of this outer port with this remote address, whatever the remote port.
  int findPeer(int outerPort, int protocol, int remoteAddress) {
    long remote = remote(remoteAddress, 0, outerPort);
    return peerFrom(peerHeads[hash(protocol, remote)], protocol, remote);
  }

  /// Another session of the same outer port with the same remote address as this one.
  int nextPeer(int session) {
    long remote = longAt(session, REMOTE) & ~0xffff0000L;
    return peerFrom(intAt(session, NEXT_PEER), protocol(session), remote);
  }

  private int peerFrom(int first, int protocol, long remote) {
    int session = first;
    while (session != NONE
        && ((longAt(session, REMOTE) & ~0xffff0000L) != remote || protocol(session) != protocol)) {
      session = intAt(session, NEXT_PEER);
    }
    return session;
  }

  /// Adds a session; the table is not full.
  int add(int address, int port, int protocol, int remoteAddress, int remotePort, int outerPort) {
    int session = takeFree();
    setLong(session, INSIDE, inside(address, port, protocol));
    setLong(session, REMOTE, remote(remoteAddress, remotePort, outerPort));
    int head = insideHead(session);
    setInt(session, NEXT_INSIDE, insideHeads[head]);
    insideHeads[head] = session;
    head = outsideHead(session);
    setInt(session, NEXT_OUTSIDE, outsideHeads[head]);
    outsideHeads[head] = session;
    linkPeer(session);
    setLong(session, NEXT_OUT, 0);
    setInt(session, ACKNOWLEDGED, 0);
    setInt(session, STAY, 0);
    return session;
  }

  private int takeFree() {
    size++;
    if (firstFree == NONE) {
      return neverUsed++;
    }
    int session = firstFree;
    firstFree = intAt(session, NEXT_INSIDE);
    return session;
  }

  private int insideHead(int session) {
    return hash(longAt(session, INSIDE) & ~0xffL, longAt(session, REMOTE) & ~0xffffL);
  }

  private int outsideHead(int session) {
    return hash(protocol(session), longAt(session, REMOTE));
  }

  private int peerHead(int session) {
    return hash(protocol(session), longAt(session, REMOTE) & ~0xffff0000L);
  }

  private void linkPeer(int session) {
    int head = peerHead(session);
    int next = peerHeads[head];
    setInt(session, NEXT_PEER, next);
    setInt(session, PREVIOUS_PEER, NONE);
    if (next != NONE) {
      setInt(next, PREVIOUS_PEER, session);
    }
    peerHeads[head] = session;
  }

  /// The peer chain is linked both ways: one port may have many sessions with one address.
  private void unlinkPeer(int session) {
    int next = intAt(session, NEXT_PEER);
    int previous = intAt(session, PREVIOUS_PEER);
    if (next != NONE) {
      setInt(next, PREVIOUS_PEER, previous);
    }
    if (previous == NONE) {
      peerHeads[peerHead(session)] = next;
    } else {
      setInt(previous, NEXT_PEER, next);
    }
  }

  void remove(int session) {
    unlink(insideHeads, insideHead(session), NEXT_INSIDE, session);
    unlink(outsideHeads, outsideHead(session), NEXT_OUTSIDE, session);
    unlinkPeer(session);
    setLong(session, INSIDE, 0);
    setInt(session, NEXT_INSIDE, firstFree);
    firstFree = session;
    size--;
  }

  private void unlink(int[] heads, int head, long link, int session) {
    int at = heads[head];
    if (at == session) {
      heads[head] = intAt(session, link);
      return;
    }
    while (intAt(at, link) != session) {
      at = intAt(at, link);
    }
    setInt(at, link, intAt(session, link));
  }

  /// Whether the number belongs to a session now; protocol 0 is no session's.
  boolean isLive(int session) {
    return protocol(session) != 0;
  }

  int protocol(int session) {
    return (int) (longAt(session, INSIDE) >>> 8) & 0xff;
  }

  int insideAddress(int session) {
    return (int) (longAt(session, INSIDE) >>> 32);
  }

  int insidePort(int session) {
    return (int) (longAt(session, INSIDE) >>> 16) & 0xffff;
  }

  int remoteAddress(int session) {
    return (int) (longAt(session, REMOTE) >>> 32);
  }

  int remotePort(int session) {
    return (int) (longAt(session, REMOTE) >>> 16) & 0xffff;
  }

  int outerPort(int session) {
    return (int) longAt(session, REMOTE) & 0xffff;
  }

  int state(int session) {
    return (int) longAt(session, INSIDE) & 0xff;
  }

  void setState(int session, int state) {
    setLong(session, INSIDE, (longAt(session, INSIDE) & ~0xffL) | state);
  }

  long last(int session) {
    return longAt(session, LAST);
  }

  void setLast(int session, long milliseconds) {
    setLong(session, LAST, milliseconds);
  }

  int mapping(int session) {
    return intAt(session, MAPPING);
  }

  void setMapping(int session, int mapping) {
    setInt(session, MAPPING, mapping);
  }

  /// Which stay of its mapping at a port it belongs to; 0 where it has another port.
  int stay(int session) {
    return intAt(session, STAY);
  }

  void setStay(int session, int stay) {
    setInt(session, STAY, stay);
  }

  /// The sequence number that the inside will use next, 0 when unknown.
  int nextOut(int session) {
    return intAt(session, NEXT_OUT);
  }

  void setNextOut(int session, int number) {
    setInt(session, NEXT_OUT, number);
  }

  /// The sequence number that the remote end will use next, 0 when unknown.
  int nextIn(int session) {
    return intAt(session, NEXT_IN);
  }

  void setNextIn(int session, int number) {
    setInt(session, NEXT_IN, number);
  }

  /// What the inside has acknowledged last, 0 when nothing.
  int acknowledged(int session) {
    return intAt(session, ACKNOWLEDGED);
  }

  void setAcknowledged(int session, int number) {
    setInt(session, ACKNOWLEDGED, number);
  }

  private long longAt(int session, long field) {
    return memory.get(LONG, (long) session * BYTES + field);
  }

  private void setLong(int session, long field, long value) {
    memory.set(LONG, (long) session * BYTES + field, value);
  }

  private int intAt(int session, long field) {
    return memory.get(INT, (long) session * BYTES + field);
  }

  private void setInt(int session, long field, int value) {
    memory.set(INT, (long) session * BYTES + field, value);
  }
}
