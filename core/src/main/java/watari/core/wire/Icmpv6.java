package watari.core.wire;

/// ICMP for IPv6 (RFC 4443).
public final class Icmpv6 {
  public static final int HEADER = 8;
  public static final int UNREACHABLE = 1;
  public static final int PACKET_TOO_BIG = 2;
  public static final int TIME_EXCEEDED = 3;
  public static final int PARAMETER_PROBLEM = 4;
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

  /// Turns an echo request into its reply where it lies.
  public static void makeReply(long at) {
    int before = Slab.shortAt(at);
    int after = ECHO_REPLY << 8;
    Slab.putShort(at, after);
    Checksum.updateAt(at + 2, Checksum.change(before, after));
  }
}
