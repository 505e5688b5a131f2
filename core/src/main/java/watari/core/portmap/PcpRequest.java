package watari.core.portmap;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import watari.core.net.Ipv6Address;

/// What a PCP client asks, with nothing missing (RFC 6887 §7.1).
///
/// ```
/// | version | R, opcode | reserved | lifetime, 32 | client, 128 | body | options |
/// ```
///
/// @param client its address as it knows it
record PcpRequest(long lifetimeSeconds, Ipv6Address client, PcpBody body, List<PcpOption> options) {

  /// What the bytes of a request were.
  sealed interface Reading {

    /// All of it could be read.
    record Whole(PcpRequest request) implements Reading {}

    /// It is to be refused.
    record Flawed(PcpResult why) implements Reading {}
  }

  PcpRequest {
    options = List.copyOf(options);
  }

  /// Reads a request of at least a header.
  ///
  /// @param source the address that it came from
  static Reading read(byte[] packet, int source) {
    var in = ByteBuffer.wrap(packet);
    int opcode = in.get(1) & 0x7f;
    long lifetime = Integer.toUnsignedLong(in.getInt(4));
    in.position(8);
    Ipv6Address client = PcpBody.readAddress(in);
    if (isMalformed(packet.length, opcode)) {
      return new Reading.Flawed(PcpResult.MALFORMED_REQUEST);
    }
    if (!client.equals(Pcp.mapped(source))) {
      return new Reading.Flawed(PcpResult.ADDRESS_MISMATCH);
    }
    return opcode > Pcp.PEER
        ? new Reading.Flawed(PcpResult.UNSUPP_OPCODE)
        : read(opcode, lifetime, client, in);
  }

  private static boolean isMalformed(int length, int opcode) {
    return length > Pcp.MESSAGE_BYTES_MAX
        || length % 4 != 0
        || length < Pcp.HEADER_BYTES + PcpBody.length(opcode);
  }

  private static Reading read(int opcode, long lifetime, Ipv6Address client, ByteBuffer in) {
    PcpBody body = PcpBody.read(opcode, in);
    var options = new PcpOptionReader(opcode);
    PcpResult result = options.read(in);
    return result == PcpResult.SUCCESS
        ? new Reading.Whole(new PcpRequest(lifetime, client, body, options.options()))
        : new Reading.Flawed(result);
  }

  boolean isDelete() {
    return lifetimeSeconds == 0;
  }

  boolean prefersFailure() {
    return options.stream().anyMatch(PcpOption.PreferFailure.class::isInstance);
  }

  List<PcpOption.Filter> filters() {
    return options.stream()
        .filter(PcpOption.Filter.class::isInstance)
        .map(PcpOption.Filter.class::cast)
        .toList();
  }

  Optional<PcpOption.PortSet> portSet() {
    return options.stream()
        .filter(PcpOption.PortSet.class::isInstance)
        .map(PcpOption.PortSet.class::cast)
        .findFirst();
  }
}
