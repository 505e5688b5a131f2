package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The directions of flows where programs of the kernel find them: a hash table of small buckets,
/// in the values of an array.
///
/// ```
/// of each direction, a line of the processor's memory
///  0  edition 32 | second of the last packet 32       32  far end of the tunnel 128
///  8  source 32 | target 32                           48  bytes carried 64
/// 16  ports 32 | protocol 8 | direction 8 | 0 16      56  TCP: number 32 | change of the
/// 24  new address 32 | new port 16 | change 16            IPv4 checksum 16 | way to the far end 16
/// ```
///
/// Java writes rows and programs read them at the same time. An edition is odd while Java writes,
/// and another one afterwards: a program that has read a row reads its edition again, and has
/// nothing if it is odd or new. A program writes the last second, the bytes and the number; where
/// Java has given the row to another flow meanwhile, that flow looks a moment younger than it is,
/// and its number is right again with its next packet.
///
/// A bucket that is full takes no more, and the session stays in Java: so the table is four times
/// as large as what it is to hold.
///
/// Programs rely on it that what they read first was there first. The processors of amd64 see to
/// that; on others no flow is carried ([FlowMaps]).
///
/// One thread of Java owns it.
final class FlowMap {
  /// Rows of a bucket, which lie in one value.
  static final int ROWS_EACH = 8;

  static final int ROW = 64;
  static final int BUCKET = ROWS_EACH * ROW;

  static final int EDITION = 0;
  static final int SECOND = 4;
  static final int KEY = 8;
  static final int OTHER_KEY = 16;
  static final int REWRITE = 24;
  static final int FAR_END = 32;
  static final int BYTES = 48;
  static final int NUMBER = 56;
  static final int HEADER_CHANGE = 60;
  static final int WAY = 62;

  private static final int ROWS_A_FLOW = 4;

  /// The numbers of no row.
  private static final int NONE = -1;

  private final MemorySegment values;
  private final Hash hash;

  /// How rows are found.
  ///
  /// @param bits of the number of a bucket, at least 1
  /// @param factor secret and odd, so that nobody outside can fill a bucket
  /// @param otherFactor the same
  record Hash(int bits, long factor, long otherFactor) {
    Hash {
      factor |= 1;
      otherFactor |= 1;
    }

    /// For a table of so many flows.
    static Hash of(int flowsMax, long secret, long otherSecret) {
      int buckets = Math.max(2, (flowsMax * ROWS_A_FLOW - 1) / ROWS_EACH + 1);
      return new Hash(
          Integer.SIZE - Integer.numberOfLeadingZeros(buckets - 1), secret, otherSecret);
    }

    int buckets() {
      return 1 << bits;
    }

    int bucket(long key, long otherKey) {
      long mixed = (key * factor) + (otherKey * otherFactor);
      mixed ^= mixed >>> Integer.SIZE;
      return (int) ((mixed * factor) >>> (Long.SIZE - bits));
    }
  }

  /// @param values of `hash.buckets()` values of [#BUCKET] bytes, all zero
  FlowMap(MemorySegment values, Hash hash) {
    this.values = values;
    this.hash = hash;
  }

  Hash hash() {
    return hash;
  }

  /// Adds a row that is not there.
  ///
  /// @param second when a packet of it last came
  /// @return its number, or a number below 0 where there is no room
  int add(FlowRow row, int number, int second) {
    long key = row.key();
    long otherKey = row.otherKey();
    int first = hash.bucket(key, otherKey) * ROWS_EACH;
    int free = NONE;
    for (int at = first + ROWS_EACH - 1; at >= first; at--) {
      free = isFree(at) ? at : free;
    }
    if (free != NONE) {
      write(free, row, number, second);
    }
    return free;
  }

  private void write(int at, FlowRow row, int number, int second) {
    begin(at);
    setInt(at, SECOND, second);
    setLong(at, KEY, row.key());
    setLong(at, OTHER_KEY, row.otherKey());
    setLong(at, REWRITE, row.rewrite());
    setLong(at, FAR_END, row.farHigh());
    setLong(at, FAR_END + Long.BYTES, row.farLow());
    setLong(at, BYTES, 0);
    setInt(at, NUMBER, number);
    setShort(at, HEADER_CHANGE, row.headerChange());
    setShort(at, WAY, row.way());
    end(at);
  }

  /// Takes a row away.
  void remove(int at) {
    begin(at);
    setLong(at, KEY, 0);
    setLong(at, OTHER_KEY, 0);
    end(at);
  }

  /// Takes all rows away.
  void clear() {
    for (int at = 0; at < hash.buckets() * ROWS_EACH; at++) {
      if (!isFree(at)) {
        remove(at);
      }
    }
  }

  private void begin(int at) {
    setInt(at, EDITION, intAt(at, EDITION) + 1);
    VarHandle.storeStoreFence();
  }

  private void end(int at) {
    VarHandle.storeStoreFence();
    setInt(at, EDITION, intAt(at, EDITION) + 1);
  }

  /// No row has protocol 0.
  private boolean isFree(int at) {
    return longAt(at, OTHER_KEY) == 0;
  }

  /// The second of the last packet.
  int second(int at) {
    return intAt(at, SECOND);
  }

  void setSecond(int at, int second) {
    setInt(at, SECOND, second);
  }

  /// Bytes of IPv4 packets that were carried.
  long bytes(int at) {
    return longAt(at, BYTES);
  }

  /// Of TCP: from the home what it has acknowledged last, from the line what comes next.
  int number(int at) {
    return intAt(at, NUMBER);
  }

  void setNumber(int at, int number) {
    setInt(at, NUMBER, number);
  }

  private int intAt(int at, int field) {
    return values.get(JAVA_INT, (long) at * ROW + field);
  }

  private void setInt(int at, int field, int value) {
    values.set(JAVA_INT, (long) at * ROW + field, value);
  }

  private void setShort(int at, int field, short value) {
    values.set(JAVA_SHORT, (long) at * ROW + field, value);
  }

  private long longAt(int at, int field) {
    return values.get(JAVA_LONG, (long) at * ROW + field);
  }

  private void setLong(int at, int field, long value) {
    values.set(JAVA_LONG, (long) at * ROW + field, value);
  }
}
