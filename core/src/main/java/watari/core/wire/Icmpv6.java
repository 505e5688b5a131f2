package watari.core.wire;

/// ICMP for IPv6 (RFC 4443).
public final class Icmpv6 {
  public static final int HEADER = 8;
  public static final int UNREACHABLE = 1;
  public static final int PACKET_TOO_BIG = 2;
  public static final int TIME_EXCEEDED = 3;
  public static final int PARAMETER_PROBLEM = 4;
  public static final int REASSEMBLY_TIME_EXCEEDED = 1;
  public static final int ERRONEOUS_FIELD = 0;
  public static final int FIRST_FRAGMENT_INCOMPLETE = 3;
  public static final int ECHO = 128;
  public static final int ECHO_REPLY = 129;

  private Icmpv6() {}

  public static int type(long at) {
    return Slab.byteAt(at);
  }

  public static int code(long at) {
    return Slab.byteAt(at + 1);
  }

  /// The MTU of a Packet Too Big message.
  public static int mtu(long at) {
    return Slab.intAt(at + 4);
  }

  public static boolean isChecksumRight(Outer outer) {
    long pseudo =
        Checksum.pseudoHeader(
            outer.sourceHigh(),
            outer.sourceLow(),
            outer.targetHigh(),
            outer.targetLow(),
            Protocol.ICMPV6,
            outer.payloadLength());
    return Checksum.fold(pseudo + Checksum.sum(outer.payload(), outer.payloadLength())) == 0xffff;
  }

  /// Writes the header of a message whose body, behind it, and whose IPv6 header, before it, are
  /// there.
  ///
  /// @param ipv6 the IPv6 header
  /// @param word the second word of the message, such as a pointer
  public static void write(long ipv6, int type, int code, int word) {
    long at = ipv6 + Ipv6.HEADER;
    int bytes = Ipv6.payloadLength(ipv6);
    Slab.putInt(at, type << 24 | code << 16);
    Slab.putInt(at + 4, word);
    long pseudo =
        Checksum.pseudoHeader(
            Ipv6.sourceHigh(ipv6),
            Ipv6.sourceLow(ipv6),
            Ipv6.targetHigh(ipv6),
            Ipv6.targetLow(ipv6),
            Protocol.ICMPV6,
            bytes);
    Slab.putShort(at + 2, Checksum.of(pseudo + Checksum.sum(at, bytes)));
  }

  /// Turns an echo request into its reply where it lies.
  public static void makeReply(long at) {
    int before = Slab.shortAt(at);
    int after = ECHO_REPLY << 8;
    Slab.putShort(at, after);
    Checksum.updateAt(at + 2, Checksum.change(before, after));
  }
}
