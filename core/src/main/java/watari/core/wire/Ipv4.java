package watari.core.wire;

/// The IPv4 header (RFC 791 §3.1).
///
/// ```
///  0  version, header length | type of service | total length
///  4  identification                           | flags, fragment offset
///  8  time to live           | protocol        | header checksum
/// 12  source
/// 16  target
/// 20  options
/// ```
public final class Ipv4 {
  public static final int HEADER = 20;
  public static final int LENGTH_MAX = 65535;

  static final int DONT_FRAGMENT = 0x4000;
  static final int MORE_FRAGMENTS = 0x2000;
  static final int OFFSET_MASK = 0x1fff;

  private static final int LOOSE_SOURCE_ROUTE = 131;
  private static final int STRICT_SOURCE_ROUTE = 137;

  private Ipv4() {}

  public static int headerLength(long at) {
    return (Slab.byteAt(at) & 0x0f) << 2;
  }

  public static int trafficClass(long at) {
    return Slab.byteAt(at + 1);
  }

  public static int totalLength(long at) {
    return Slab.shortAt(at + 2);
  }

  public static int identification(long at) {
    return Slab.shortAt(at + 4);
  }

  /// The fragment offset of an IPv4 packet in bytes.
  public static int fragmentOffset(long at) {
    return (flags(at) & OFFSET_MASK) << 3;
  }

  public static boolean hasMoreFragments(long at) {
    return (flags(at) & MORE_FRAGMENTS) != 0;
  }

  static int flags(long at) {
    return Slab.shortAt(at + 6);
  }

  public static boolean dontFragment(long at) {
    return (flags(at) & DONT_FRAGMENT) != 0;
  }

  public static int timeToLive(long at) {
    return Slab.byteAt(at + 8);
  }

  public static int protocol(long at) {
    return Slab.byteAt(at + 9);
  }

  public static int source(long at) {
    return Slab.intAt(at + 12);
  }

  public static int target(long at) {
    return Slab.intAt(at + 16);
  }

  /// Lowers the time to live by one. The checksum then rises by 0x100, around the end; 0xffff is
  /// its other form of zero (RFC 1624 §3).
  public static void lowerTimeToLive(long at) {
    int word = Slab.intAt(at + 8);
    int risen = (word & 0xffff) + 0x100;
    int checksum = (risen + ((risen + 1) >>> 16)) & 0xffff;
    Slab.putInt(at + 8, ((word - 0x0100_0000) & 0xffff0000) | checksum);
  }

  /// Raises the time to live by one, up to 255. The checksum then falls by 0x100, around the end.
  public static void raiseTimeToLive(long at) {
    int word = Slab.intAt(at + 8);
    if (word >>> 24 < 255) {
      int fallen = (word & 0xffff) + 0xfeff;
      int checksum = (fallen + ((fallen + 1) >>> 16)) & 0xffff;
      Slab.putInt(at + 8, ((word + 0x0100_0000) & 0xffff0000) | checksum);
    }
  }

  /// Updates the header checksum. It is written together with its neighbours, in one word as
  /// [#lowerTimeToLive] reads it: a read of four bytes right after a write of two of them waits for
  /// the cache.
  static void updateChecksum(long at, long changes) {
    int word = Slab.intAt(at + 8);
    Slab.putInt(at + 8, (word & 0xffff0000) | Checksum.update(word & 0xffff, changes));
  }

  /// Replaces the two ECN bits.
  public static void markEcn(long at, int ecn) {
    int before = Slab.shortAt(at);
    int after = (before & ~3) | ecn;
    Slab.putShort(at, after);
    updateChecksum(at, Checksum.change(before, after));
  }

  /// Replaces the identification.
  public static void identify(long at, int identification) {
    int before = identification(at);
    Slab.putShort(at + 4, identification);
    updateChecksum(at, Checksum.change(before, identification));
  }

  static boolean isChecksumRight(long at, int headerLength) {
    return Checksum.fold(Checksum.sum(at, headerLength)) == 0xffff;
  }

  /// The same for a header whose first words, at 0, 8 and 16, are in hand.
  static boolean isChecksumRight(long at, int headerLength, long first, long second, int third) {
    long sum = Checksum.halves(first) + Checksum.halves(second) + (third & 0xffffffffL);
    long options = headerLength == HEADER ? 0 : Checksum.sum(at + HEADER, headerLength - HEADER);
    return Checksum.fold(sum + options) == 0xffff;
  }

  /// Whether the options hold a source route (RFC 791 §3.1); options that cannot be read do.
  static boolean isSourceRouted(long at, int headerLength) {
    int i = HEADER;
    while (i < headerLength) {
      int type = Slab.byteAt(at + i);
      if (type == 0) {
        return false;
      }
      int length = type == 1 ? 1 : i + 1 < headerLength ? Slab.byteAt(at + i + 1) : 0;
      boolean isUnreadable = type != 1 && length < 2;
      if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE || isUnreadable) {
        return true;
      }
      i += length;
    }
    return false;
  }

  /// Writes a header without options and with its checksum. It says Don't Fragment, so that its
  /// identification of zero means nothing (RFC 6864 §4.1).
  public static void write(
      long at, int totalLength, int protocol, int timeToLive, int source, int target) {
    Slab.putInt(at, 0x45 << 24 | totalLength);
    Slab.putInt(at + 4, DONT_FRAGMENT);
    Slab.putInt(at + 8, timeToLive << 24 | protocol << 16);
    Slab.putInt(at + 12, source);
    Slab.putInt(at + 16, target);
    Slab.putShort(at + 10, Checksum.of(Checksum.sum(at, HEADER)));
  }

  /// Makes a header that stood on a fragment stand on the whole packet. Don't Fragment goes too: it
  /// was said of the fragments, and the whole may have to be cut again as its sender cut it.
  public static void makeWhole(long at, int headerLength, int totalLength) {
    Slab.putShort(at + 2, totalLength);
    Slab.putShort(at + 6, 0);
    Slab.putShort(at + 10, 0);
    Slab.putShort(at + 10, Checksum.of(Checksum.sum(at, headerLength)));
  }
}
