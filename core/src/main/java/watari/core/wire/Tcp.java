package watari.core.wire;

/// What a middlebox reads and changes of TCP (RFC 9293 §3.1).
public final class Tcp {
  public static final int HEADER = 20;
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int ACK = 0x10;

  static final int CHECKSUM = 16;

  private static final int OPTION_END = 0;
  private static final int OPTION_NOTHING = 1;
  private static final int OPTION_MSS = 2;
  private static final int OPTION_MSS_LENGTH = 4;

  private Tcp() {}

  public static int flags(long at) {
    return Slab.byteAt(at + 13);
  }

  /// Lowers the maximum segment size that a SYN announces; never raises it. An option list that
  /// cannot be read stays as it is.
  ///
  /// @param at the TCP header
  /// @param bytes of the segment
  public static void clampMss(long at, int bytes, int mss) {
    if ((flags(at) & SYN) == 0) {
      return;
    }
    int end = Math.min((Slab.byteAt(at + 12) >>> 4) << 2, bytes);
    int i = HEADER;
    while (i + 1 < end && Slab.byteAt(at + i) != OPTION_END) {
      if (Slab.byteAt(at + i) == OPTION_NOTHING) {
        i++;
        continue;
      }
      int length = Slab.byteAt(at + i + 1);
      if (length < 2 || i + length > end) {
        return;
      }
      if (Slab.byteAt(at + i) == OPTION_MSS && length == OPTION_MSS_LENGTH) {
        lower(at, i + 2, mss);
      }
      i += length;
    }
  }

  private static void lower(long at, int place, int mss) {
    int before = Slab.shortAt(at + place);
    if (before <= mss) {
      return;
    }
    Slab.putShort(at + place, mss);
    long change = Checksum.change(before, mss);
    // at an odd place the two bytes lie in two words, each in the other half
    Checksum.updateAt(at + CHECKSUM, (place & 1) == 0 ? change : change << 8);
  }
}
