package watari.core.wire;

/// What a middlebox reads and changes of TCP (RFC 9293 §3.1).
public final class Tcp {
  public static final int HEADER = 20;
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int ACK = 0x10;
  static final int PSH = 0x08;
  static final int URG = 0x20;
  static final int CWR = 0x80;

  static final int SEQUENCE = 4;
  static final int FLAGS = 13;
  static final int CHECKSUM = 16;

  private static final int NOWHERE = -1;
  private static final int OPTION_END = 0;
  private static final int OPTION_NOTHING = 1;
  private static final int OPTION_MSS = 2;
  private static final int OPTION_MSS_LENGTH = 4;

  private Tcp() {}

  public static int flags(long at) {
    return Slab.byteAt(at + FLAGS);
  }

  /// The bytes of the header with its options.
  public static int headerLength(long at) {
    return (Slab.byteAt(at + 12) >>> 4) << 2;
  }

  /// The sum of the pseudo-header of a TCP packet.
  ///
  /// @param ipv4 the IPv4 header, of `ipv4Length` bytes
  /// @param length of the packet
  static long pseudoHeader(long ipv4, int ipv4Length, int length) {
    return Checksum.pseudoHeader(
        Ipv4.source(ipv4), Ipv4.target(ipv4), Protocol.TCP, length - ipv4Length);
  }

  /// What the checksum of a TCP packet should be, if there is zero in its place.
  static int checksum(long ipv4, int ipv4Length, int length) {
    return Checksum.of(sum(ipv4, ipv4Length, length));
  }

  static boolean isChecksumRight(long ipv4, int ipv4Length, int length) {
    return Checksum.fold(sum(ipv4, ipv4Length, length)) == 0xffff;
  }

  private static long sum(long ipv4, int ipv4Length, int length) {
    return pseudoHeader(ipv4, ipv4Length, length)
        + Checksum.sum(ipv4 + ipv4Length, length - ipv4Length);
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
    int end = (Slab.byteAt(at + 12) >>> 4) << 2;
    int place = end <= bytes ? findMss(at, end) : NOWHERE;
    if (place != NOWHERE) {
      lower(at, place, mss);
    }
  }

  /// Where the maximum segment size stands, or [#NOWHERE] when it is not said, or not in a list of
  /// options that makes sense to its end.
  private static int findMss(long at, int end) {
    int place = NOWHERE;
    int i = HEADER;
    while (i < end && Slab.byteAt(at + i) != OPTION_END) {
      int length = optionLength(at + i, end - i);
      if (length == 0) {
        return NOWHERE;
      }
      if (Slab.byteAt(at + i) == OPTION_MSS && length == OPTION_MSS_LENGTH) {
        place = i + 2;
      }
      i += length;
    }
    return place;
  }

  /// The length of the option at `at` in bytes, or 0 when it does not fit into `bytes`.
  private static int optionLength(long at, int bytes) {
    if (Slab.byteAt(at) == OPTION_NOTHING) {
      return 1;
    }
    int length = bytes < 2 ? 0 : Slab.byteAt(at + 1);
    return length < 2 || length > bytes ? 0 : length;
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
