package watari.host.kernel;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import watari.core.net.Refused;

/// One netlink message that came in: its header taken apart, its body as it is. Shapes are those of
/// `MessageWriter`.
record Message(int type, int flags, int sequence, MemorySegment body) {
  private static final int ATTRIBUTE_BYTES = 4;
  private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
  private static final ValueLayout.OfShort ADDRESS_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt ADDRESS_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfLong ADDRESS_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  /// Takes a datagram apart.
  ///
  /// @throws KernelException when a length in it cannot be
  static List<Message> parse(MemorySegment datagram) throws KernelException {
    var messages = new ArrayList<Message>();
    long at = 0;
    while (at + MessageWriter.HEADER_BYTES <= datagram.byteSize()) {
      long length = Integer.toUnsignedLong(datagram.get(ValueLayout.JAVA_INT_UNALIGNED, at));
      if (length < MessageWriter.HEADER_BYTES || length > datagram.byteSize() - at) {
        throw new KernelException(Errno.EBADMSG.number(), "reading an answer of netlink");
      }
      messages.add(one(datagram.asSlice(at, length)));
      at += aligned(length);
    }
    return messages;
  }

  private static Message one(MemorySegment message) {
    return new Message(
        Short.toUnsignedInt(message.get(ValueLayout.JAVA_SHORT_UNALIGNED, 4)),
        Short.toUnsignedInt(message.get(ValueLayout.JAVA_SHORT_UNALIGNED, 6)),
        message.get(ValueLayout.JAVA_INT_UNALIGNED, 8),
        message.asSlice(MessageWriter.HEADER_BYTES));
  }

  private static long aligned(long length) {
    return (length + 3) & ~3L;
  }

  /// What a message says, or nothing where we have no value for that. The kernel knows names and
  /// numbers that we never make, such as a metric beyond 2³¹; what has one is somebody else's.
  static <T> Optional<T> possible(Supplier<T> value) {
    try {
      return Optional.of(value.get());
    } catch (Refused _) {
      return Optional.empty();
    }
  }

  /// Whether the body has `bytes` bytes or more.
  boolean holds(long bytes) {
    return body.byteSize() >= bytes;
  }

  int u8(long at) {
    return Byte.toUnsignedInt(body.get(ValueLayout.JAVA_BYTE, at));
  }

  int u16(long at) {
    return Short.toUnsignedInt(body.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
  }

  int u32(long at) {
    return body.get(ValueLayout.JAVA_INT_UNALIGNED, at);
  }

  /// The value of the first attribute `type` among those from byte `from` of the body on.
  Optional<MemorySegment> attribute(long from, int type) {
    return attribute(body, from, type);
  }

  /// Whether the attribute `type` has one of type `inner` in it.
  boolean has(long from, int type, int inner) {
    return attribute(from, type).flatMap(nested -> attribute(nested, 0, inner)).isPresent();
  }

  private static Optional<MemorySegment> attribute(MemorySegment bytes, long from, int type) {
    long at = from;
    while (at + ATTRIBUTE_BYTES <= bytes.byteSize()) {
      int length = Short.toUnsignedInt(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
      int found = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2) & ATTRIBUTE_TYPE_MASK;
      if (length < ATTRIBUTE_BYTES || length > bytes.byteSize() - at) {
        return Optional.empty();
      }
      if (found == type) {
        return Optional.of(bytes.asSlice(at + ATTRIBUTE_BYTES, length - ATTRIBUTE_BYTES));
      }
      at += aligned(length);
    }
    return Optional.empty();
  }

  OptionalInt number(long from, int type) {
    return number(attribute(from, type));
  }

  /// The number of type `inner` that the attribute `type` has in it.
  OptionalInt number(long from, int type, int inner) {
    return number(attribute(from, type).flatMap(nested -> attribute(nested, 0, inner)));
  }

  private static OptionalInt number(Optional<MemorySegment> attribute) {
    return attribute
        .filter(bytes -> bytes.byteSize() == Integer.BYTES)
        .map(bytes -> OptionalInt.of(bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0)))
        .orElse(OptionalInt.empty());
  }

  /// A number of 8 bits, 0 where there is none.
  int octet(long from, int type) {
    return attribute(from, type)
        .filter(bytes -> bytes.byteSize() == Byte.BYTES)
        .map(bytes -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, 0)))
        .orElse(0);
  }

  /// Two numbers of 16 bits, zeros where there are none.
  int[] numbers(long from, int type) {
    return attribute(from, type)
        .filter(bytes -> bytes.byteSize() == 2 * Short.BYTES)
        .map(bytes ->
            new int[] {
              Short.toUnsignedInt(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0)),
              Short.toUnsignedInt(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, Short.BYTES))
            })
        .orElse(new int[2]);
  }

  /// An Ethernet address in the lower 48 bits, 0 where there is none.
  long ethernet(long from, int type) {
    return attribute(from, type)
        .filter(bytes -> bytes.byteSize() == 6)
        .map(bytes ->
            (bytes.get(ADDRESS_SHORT, 0) & 0xffffL) << Integer.SIZE
                | Integer.toUnsignedLong(bytes.get(ADDRESS_INT, 2)))
        .orElse(0L);
  }

  /// Text with a closing zero.
  Optional<String> text(long from, int type) {
    return attribute(from, type)
        .filter(bytes ->
            bytes.byteSize() > 0 && bytes.get(ValueLayout.JAVA_BYTE, bytes.byteSize() - 1) == 0)
        .map(bytes -> bytes.getString(0));
  }

  /// An address of 4 or 16 bytes with `length` bits of network.
  Optional<Cidr> address(long from, int type, int length) {
    return attribute(from, type).flatMap(bytes -> address(bytes, length));
  }

  private static Optional<Cidr> address(MemorySegment bytes, int length) {
    if (bytes.byteSize() == 16 && length <= 128) {
      return Optional.of(
          new Cidr(true, bytes.get(ADDRESS_LONG, 0), bytes.get(ADDRESS_LONG, 8), length));
    }
    if (bytes.byteSize() == 4 && length <= 32) {
      long bits = Integer.toUnsignedLong(bytes.get(ADDRESS_INT, 0));
      return Optional.of(new Cidr(false, 0, bits, length));
    }
    return Optional.empty();
  }
}
