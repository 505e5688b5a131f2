package watari.core.portmap;

import java.util.OptionalInt;
import watari.core.net.Ipv6Address;

/// Numbers and addresses of the Port Control Protocol (RFC 6887 §7 and §5).
final class Pcp {
  static final int VERSION = 2;

  static final int ANNOUNCE = 0;
  static final int MAP = 1;
  static final int PEER = 2;

  /// Set in the opcode of a reply.
  static final int REPLY = 0x80;

  static final int HEADER_BYTES = 24;
  static final int MAP_BYTES = 36;
  static final int PEER_BYTES = 56;
  static final int MESSAGE_BYTES_MAX = 1100;

  static final int THIRD_PARTY = 1;
  static final int PREFER_FAILURE = 2;
  static final int FILTER = 3;
  static final int PORT_SET = 130;

  /// From here on, an option that is not understood may be passed over.
  static final int OPTIONAL = 128;

  /// The lifetime of what has no end.
  static final long ENDLESS_SECONDS = 0xffff_ffffL;

  private static final long MAPPED = 0xffffL;

  private Pcp() {}

  /// An IPv4 address as the protocol writes it, `::ffff:192.0.2.1`.
  static Ipv6Address mapped(int address) {
    return new Ipv6Address(0, MAPPED << 32 | Integer.toUnsignedLong(address));
  }

  /// The IPv4 address in an IPv4-mapped one; empty for any other.
  static OptionalInt ipv4(Ipv6Address address) {
    boolean isMapped = address.high() == 0 && address.low() >>> 32 == MAPPED;
    return isMapped ? OptionalInt.of((int) address.low()) : OptionalInt.empty();
  }

  /// Whether an external address is no wish: `::` or `::ffff:0.0.0.0`.
  static boolean isAny(Ipv6Address address) {
    return address.equals(Ipv6Address.UNSPECIFIED) || address.equals(mapped(0));
  }
}
