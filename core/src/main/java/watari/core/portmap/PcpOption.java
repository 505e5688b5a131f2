package watari.core.portmap;

import java.nio.ByteBuffer;
import watari.core.net.Ipv6Address;

/// An option of a PCP message that this server knows (RFC 6887 §13, RFC 7753).
sealed interface PcpOption {

  /// No other external port will do (RFC 6887 §13.2).
  record PreferFailure() implements PcpOption {}

  /// Who may come from the Internet (RFC 6887 §13.3).
  ///
  /// @param prefixLength of 128 bits; 0 takes all filters away
  /// @param port 0 for any
  record Filter(int prefixLength, int port, Ipv6Address address) implements PcpOption {}

  /// Ports in a row (RFC 7753 §4.1).
  ///
  /// @param keepsParity whether even is to stay even, and odd odd
  record PortSet(int size, int firstInternalPort, boolean keepsParity) implements PcpOption {}

  int OPTION_HEADER_BYTES = 4;
  int FILTER_BYTES = 20;
  int PORT_SET_BYTES = 5;

  static Filter readFilter(ByteBuffer in) {
    in.get();
    int prefixLength = in.get() & 0xff;
    int port = in.getShort() & 0xffff;
    return new Filter(prefixLength, port, PcpBody.readAddress(in));
  }

  static PortSet readPortSet(ByteBuffer in) {
    int size = in.getShort() & 0xffff;
    int firstInternalPort = in.getShort() & 0xffff;
    return new PortSet(size, firstInternalPort, (in.get() & 1) != 0);
  }

  /// How many bytes an option has, its header and padding included.
  default int length() {
    return OPTION_HEADER_BYTES
        + switch (this) {
          case PreferFailure _ -> 0;
          case Filter _ -> FILTER_BYTES;
          case PortSet _ -> padded(PORT_SET_BYTES);
        };
  }

  /// A length with its padding to the next word.
  static int padded(int length) {
    return length + 3 & ~3;
  }

  default void write(ByteBuffer out) {
    switch (this) {
      case PreferFailure _ -> header(Pcp.PREFER_FAILURE, 0, out);
      case Filter filter -> {
        header(Pcp.FILTER, FILTER_BYTES, out);
        out.put((byte) 0).put((byte) filter.prefixLength).putShort((short) filter.port);
        PcpBody.writeAddress(filter.address, out);
      }
      case PortSet set -> {
        header(Pcp.PORT_SET, PORT_SET_BYTES, out);
        out.putShort((short) set.size).putShort((short) set.firstInternalPort);
        out.putInt(set.keepsParity ? 1 << 24 : 0);
      }
    }
  }

  private static void header(int code, int length, ByteBuffer out) {
    out.put((byte) code).put((byte) 0).putShort((short) length);
  }
}
