package watari.core.wire;

/// The IPv6 header (RFC 8200 §3), and IPv4 inside it (RFC 2473 §3).
///
/// ```
///  0  version | traffic class | flow label
///  4  payload length          | next header | hop limit
///  8  source
/// 24  target
/// ```
public final class Ipv6 {
  public static final int HEADER = 40;
  public static final int FRAGMENT_HEADER = 8;
  public static final int MTU_MIN = 1280;

  private Ipv6() {}

  public static int trafficClass(long at) {
    return Slab.shortAt(at) >>> 4 & 0xff;
  }

  public static int payloadLength(long at) {
    return Slab.shortAt(at + 4);
  }

  public static int nextHeader(long at) {
    return Slab.byteAt(at + 6);
  }

  public static int hopLimit(long at) {
    return Slab.byteAt(at + 7);
  }

  public static long sourceHigh(long at) {
    return Slab.longAt(at + 8);
  }

  public static long sourceLow(long at) {
    return Slab.longAt(at + 16);
  }

  public static long targetHigh(long at) {
    return Slab.longAt(at + 24);
  }

  public static long targetLow(long at) {
    return Slab.longAt(at + 32);
  }

  /// Replaces the two ECN bits.
  public static void markEcn(long at, int ecn) {
    Slab.putByte(at + 1, (Slab.byteAt(at + 1) & ~0x30) | ecn << 4);
  }

  /// Writes a header; the flow label is zero.
  public static void write(
      long at,
      int trafficClass,
      int payloadLength,
      int nextHeader,
      int hopLimit,
      long sourceHigh,
      long sourceLow,
      long targetHigh,
      long targetLow) {
    long first = 6L << 60 | (long) trafficClass << 52 | (long) payloadLength << 16;
    Slab.putLong(at, first | nextHeader << 8 | hopLimit);
    Slab.putLong(at + 8, sourceHigh);
    Slab.putLong(at + 16, sourceLow);
    Slab.putLong(at + 24, targetHigh);
    Slab.putLong(at + 32, targetLow);
  }
}
