package watari.host.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes one netlink message: numbers in native byte order, addresses in network order, every
/// attribute at a multiple of 4 (`netlink(7)`).
///
/// ```
/// nlmsghdr  0 length (u32)  4 type (u16)  6 flags (u16)  8 sequence (u32)  12 port (u32)
/// nlattr    0 length (u16)  2 type (u16)  4 value, then zeros to a multiple of 4
/// ```
final class MessageWriter {
  static final int HEADER_BYTES = 16;
  private static final int ATTRIBUTE_BYTES = 4;
  private static final ValueLayout.OfInt ADDRESS_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfLong ADDRESS_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  private final MemorySegment buffer;
  private long end;

  MessageWriter(MemorySegment buffer) {
    this.buffer = buffer;
  }

  /// Writes the request as a whole message.
  ///
  /// @return its bytes
  int write(Request request, int sequence) {
    end = HEADER_BYTES;
    request.write(this);
    buffer.set(ValueLayout.JAVA_INT, 0, (int) end);
    buffer.set(ValueLayout.JAVA_SHORT, 4, (short) request.type());
    buffer.set(ValueLayout.JAVA_SHORT, 6, (short) request.flags());
    buffer.set(ValueLayout.JAVA_INT, 8, sequence);
    buffer.set(ValueLayout.JAVA_INT, 12, 0);
    return (int) end;
  }

  MessageWriter u8(int value) {
    buffer.set(JAVA_BYTE, end, (byte) value);
    end += Byte.BYTES;
    return this;
  }

  MessageWriter u16(int value) {
    buffer.set(ValueLayout.JAVA_SHORT_UNALIGNED, end, (short) value);
    end += Short.BYTES;
    return this;
  }

  MessageWriter u32(int value) {
    buffer.set(ValueLayout.JAVA_INT_UNALIGNED, end, value);
    end += Integer.BYTES;
    return this;
  }

  /// An attribute that is a number of 32 bits.
  MessageWriter number(int type, int value) {
    return attribute(type, Integer.BYTES).u32(value);
  }

  /// An attribute that is a number of 8 bits.
  MessageWriter octet(int type, int value) {
    return attribute(type, Byte.BYTES).u8(value).u8(0).u8(0).u8(0);
  }

  /// An attribute that is two numbers of 16 bits.
  MessageWriter numbers(int type, int first, int second) {
    return attribute(type, 2 * Short.BYTES).u16(first).u16(second);
  }

  /// An attribute that is text with a closing zero.
  MessageWriter text(int type, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    attribute(type, bytes.length + 1);
    for (byte each : bytes) {
      u8(each);
    }
    u8(0);
    while (end % ATTRIBUTE_BYTES != 0) {
      u8(0);
    }
    return this;
  }

  /// An attribute that is an address of 4 or 16 bytes, without its length.
  MessageWriter address(int type, Cidr value) {
    attribute(type, value.isIpv6() ? 16 : 4);
    if (value.isIpv6()) {
      buffer.set(ADDRESS_LONG, end, value.high());
      buffer.set(ADDRESS_LONG, end + Long.BYTES, value.low());
      end += 2 * Long.BYTES;
    } else {
      buffer.set(ADDRESS_INT, end, (int) value.low());
      end += Integer.BYTES;
    }
    return this;
  }

  private MessageWriter attribute(int type, int bytes) {
    return u16(ATTRIBUTE_BYTES + bytes).u16(type);
  }
}
