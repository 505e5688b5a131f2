package watari.core.nat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import watari.core.wire.Protocol;

/// The inside endpoints that have sessions or a reservation, 48 bytes each outside the heap, with
/// the outer port that each is known by. TCP, UDP and ICMP are apart (RFC 7857 §5).
///
/// ```
///  0  endpoint: address 32 | port 16 | protocol 8 | flags 8       16  first remote spoken to
///  8  slot of its outer port, or -1                               20  first remote heard from
/// 12  sessions                                                    24  host      28  next of equal hash
/// 32  number of its stay at the port                              36  sessions of this stay
/// 40  when it last spoke, where only that keeps sessions alive
/// ```
///
/// A *stay* is the time with one outer port. What was heard and spoken, and which sessions keep a
/// guest there, belongs to it.
final class Mappings {
  static final int NONE = -1;

  /// The outer port is the endpoint's own: all its sessions have it.
  static final int OWNER = 1;

  /// It speaks with several remotes: nobody new comes to its port.
  static final int PRIVATE = 2;

  /// A host asked for the port.
  static final int EXPLICIT = 4;

  /// The operator forwards the port.
  static final int FORWARD = 8;

  static final int RESERVED = EXPLICIT | FORWARD;

  private static final int BYTES = 48;
  private static final long ENDPOINT = 0;
  private static final long SLOT = 8;
  private static final long SESSIONS = 12;
  private static final long SPOKEN = 16;
  private static final long HEARD = 20;
  private static final long HOST = 24;
  private static final long NEXT = 28;
  private static final long STAY = 32;
  private static final long STAYING = 36;
  private static final long SPOKEN_AT = 40;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final MemorySegment memory;
  private final int[] heads;
  private final long factor;
  private final int capacity;
  private int size;
  private int neverUsed;
  private int firstFree = NONE;

  Mappings(SegmentAllocator memory, int capacity, long secret) {
    this.memory = memory.allocate((long) capacity * BYTES, Long.BYTES);
    this.capacity = capacity;
    factor = secret | 1;
    heads = new int[Integer.highestOneBit(Math.max(2, capacity - 1)) << 1];
    Arrays.fill(heads, NONE);
  }

  /// Which of the three parts of the translator a protocol belongs to.
  static int group(int protocol) {
    return switch (protocol) {
      case Protocol.TCP -> 0;
      case Protocol.UDP -> 1;
      default -> 2;
    };
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  private static long endpoint(int address, int port, int protocol) {
    return (long) address << 32 | (long) port << 16 | (long) protocol << 8;
  }

  private int head(long endpoint) {
    return (int) Randomness.mix(endpoint * factor) & (heads.length - 1);
  }

  /// The mapping of an inside endpoint, or [#NONE].
  int find(int address, int port, int protocol) {
    long endpoint = endpoint(address, port, protocol);
    int mapping = heads[head(endpoint)];
    while (mapping != NONE && (longAt(mapping, ENDPOINT) & ~0xffL) != endpoint) {
      mapping = intAt(mapping, NEXT);
    }
    return mapping;
  }

  /// Adds an endpoint that is not there; there is room. It has no port yet.
  int add(int address, int port, int protocol, int host) {
    int mapping = takeFree();
    long endpoint = endpoint(address, port, protocol);
    setLong(mapping, ENDPOINT, endpoint);
    setInt(mapping, SLOT, NONE);
    setInt(mapping, SESSIONS, 0);
    setInt(mapping, SPOKEN, 0);
    setInt(mapping, HEARD, 0);
    setInt(mapping, HOST, host);
    setInt(mapping, STAY, 1);
    setInt(mapping, STAYING, 0);
    setLong(mapping, SPOKEN_AT, 0);
    int head = head(endpoint);
    setInt(mapping, NEXT, heads[head]);
    heads[head] = mapping;
    return mapping;
  }

  private int takeFree() {
    size++;
    if (firstFree == NONE) {
      return neverUsed++;
    }
    int mapping = firstFree;
    firstFree = intAt(mapping, NEXT);
    return mapping;
  }

  void remove(int mapping) {
    int head = head(longAt(mapping, ENDPOINT) & ~0xffL);
    if (heads[head] == mapping) {
      heads[head] = intAt(mapping, NEXT);
    } else {
      int at = heads[head];
      while (intAt(at, NEXT) != mapping) {
        at = intAt(at, NEXT);
      }
      setInt(at, NEXT, intAt(mapping, NEXT));
    }
    setLong(mapping, ENDPOINT, 0);
    setInt(mapping, NEXT, firstFree);
    firstFree = mapping;
    size--;
  }

  int insideAddress(int mapping) {
    return (int) (longAt(mapping, ENDPOINT) >>> 32);
  }

  int insidePort(int mapping) {
    return (int) (longAt(mapping, ENDPOINT) >>> 16) & 0xffff;
  }

  int protocol(int mapping) {
    return (int) (longAt(mapping, ENDPOINT) >>> 8) & 0xff;
  }

  boolean is(int mapping, int flags) {
    return ((int) longAt(mapping, ENDPOINT) & flags) != 0;
  }

  void set(int mapping, int flags) {
    setLong(mapping, ENDPOINT, longAt(mapping, ENDPOINT) | flags);
  }

  void clear(int mapping, int flags) {
    setLong(mapping, ENDPOINT, longAt(mapping, ENDPOINT) & ~(long) flags);
  }

  int slot(int mapping) {
    return intAt(mapping, SLOT);
  }

  void setSlot(int mapping, int slot) {
    setInt(mapping, SLOT, slot);
  }

  /// Takes the port away: the next one is another stay.
  void endStay(int mapping) {
    setInt(mapping, SLOT, NONE);
    setInt(mapping, SPOKEN, 0);
    setInt(mapping, HEARD, 0);
    setInt(mapping, STAY, stay(mapping) + 1);
    setInt(mapping, STAYING, 0);
  }

  /// The number of the stay that is now, or would be next.
  int stay(int mapping) {
    return intAt(mapping, STAY);
  }

  /// How many sessions began during this stay and by its port, and live.
  int staying(int mapping) {
    return intAt(mapping, STAYING);
  }

  void addStaying(int mapping, int change) {
    setInt(mapping, STAYING, staying(mapping) + change);
  }

  int sessions(int mapping) {
    return intAt(mapping, SESSIONS);
  }

  void setSessions(int mapping, int sessions) {
    setInt(mapping, SESSIONS, sessions);
  }

  /// The first remote address that it has spoken to in this stay, or 0.
  int spoken(int mapping) {
    return intAt(mapping, SPOKEN);
  }

  void setSpoken(int mapping, int address) {
    setInt(mapping, SPOKEN, address);
  }

  /// When [#setSpokenAt] was last called, or 0.
  long spokenAt(int mapping) {
    return longAt(mapping, SPOKEN_AT);
  }

  void setSpokenAt(int mapping, long milliseconds) {
    setLong(mapping, SPOKEN_AT, milliseconds);
  }

  /// The first remote address that it has heard from in this stay, or 0.
  int heard(int mapping) {
    return intAt(mapping, HEARD);
  }

  void setHeard(int mapping, int address) {
    setInt(mapping, HEARD, address);
  }

  int host(int mapping) {
    return intAt(mapping, HOST);
  }

  private long longAt(int mapping, long field) {
    return memory.get(LONG, (long) mapping * BYTES + field);
  }

  private void setLong(int mapping, long field, long value) {
    memory.set(LONG, (long) mapping * BYTES + field, value);
  }

  private int intAt(int mapping, long field) {
    return memory.get(INT, (long) mapping * BYTES + field);
  }

  private void setInt(int mapping, long field, int value) {
    memory.set(INT, (long) mapping * BYTES + field, value);
  }
}
