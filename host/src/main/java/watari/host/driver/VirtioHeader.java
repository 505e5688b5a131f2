package watari.host.driver;

import java.nio.ByteOrder;
import watari.core.wire.Slab;

/// What stands before each packet at a TUN device that speaks of checksums and segments: `struct
/// virtio_net_hdr` (linux/virtio_net.h), in the byte order of the machine.
///
/// ```
/// 0 flags | 1 type of segments | 2 bytes of the headers | 4 bytes of a segment's payload
/// 6 where the checksum's bytes start | 8 the checksum's place behind that
/// ```
final class VirtioHeader {
  static final int BYTES = 10;

  /// The checksum is not there yet; its place holds the sum of the pseudo-header.
  private static final int NEEDS_CHECKSUM = 1;

  private static final int NO_SEGMENTS = 0;
  private static final int TCP_OVER_IPV4 = 1;

  /// A mark beside the type: the first segment says CWR.
  private static final int WITH_CWR = 0x80;

  private static final int TCP_CHECKSUM = 16;
  private static final boolean IS_SWAPPED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private VirtioHeader() {}

  private static int number(int value) {
    return IS_SWAPPED ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
  }

  /// Whether the packet's sender has left the checksum to us.
  static boolean needsChecksum(long header) {
    return (Slab.byteAt(header) & NEEDS_CHECKSUM) != 0;
  }

  /// Whether the packet is an ordinary one.
  static boolean isOrdinary(long header) {
    return Slab.byteAt(header + 1) == NO_SEGMENTS;
  }

  /// Whether the packet stands for several TCP segments over IPv4.
  static boolean isTcp(long header) {
    return (Slab.byteAt(header + 1) & ~WITH_CWR) == TCP_OVER_IPV4;
  }

  static int segmentBytes(long header) {
    return number(Slab.shortAt(header + 4));
  }

  static int checksumStart(long header) {
    return number(Slab.shortAt(header + 6));
  }

  static int checksumPlace(long header) {
    return number(Slab.shortAt(header + 8));
  }

  /// Writes the header of an ordinary packet with all its checksums.
  static void write(long header) {
    Slab.putLong(header, 0);
    Slab.putShort(header + 8, 0);
  }

  /// Writes the header of a TCP super-packet over IPv4, none of whose segments says CWR.
  ///
  /// @param ipv4Length bytes of the IPv4 header
  /// @param headersLength bytes of all headers
  static void write(long header, int ipv4Length, int headersLength, int segmentBytes) {
    Slab.putByte(header, NEEDS_CHECKSUM);
    Slab.putByte(header + 1, TCP_OVER_IPV4);
    Slab.putShort(header + 2, number(headersLength));
    Slab.putShort(header + 4, number(segmentBytes));
    Slab.putShort(header + 6, number(ipv4Length));
    Slab.putShort(header + 8, number(TCP_CHECKSUM));
  }
}
