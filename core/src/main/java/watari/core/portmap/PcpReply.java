package watari.core.portmap;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// What a PCP server answers, or says unasked (RFC 6887 §7.2).
///
/// ```
/// | version | R, opcode | reserved | result | lifetime, 32 | epoch, 32 | reserved, 96 | body | options |
/// ```
record PcpReply(PcpResult result, long lifetimeSeconds, PcpBody body, List<PcpOption> options) {

  PcpReply {
    options = List.copyOf(options);
  }

  /// @param epochSeconds since when the server's state is
  byte[] bytes(long epochSeconds) {
    int opcode = body.opcode();
    int length =
        Pcp.HEADER_BYTES
            + PcpBody.length(opcode)
            + options.stream().mapToInt(PcpOption::length).sum();
    var out = ByteBuffer.allocate(length);
    header(out, opcode, result, lifetimeSeconds, epochSeconds);
    out.position(Pcp.HEADER_BYTES);
    body.write(out);
    options.forEach(option -> option.write(out));
    return out.array();
  }

  private static void header(
      ByteBuffer out, int opcode, PcpResult result, long lifetimeSeconds, long epochSeconds) {
    out.put((byte) Pcp.VERSION).put((byte) (opcode | Pcp.REPLY));
    out.put((byte) 0).put((byte) result.code());
    out.putInt((int) lifetimeSeconds).putInt((int) epochSeconds);
  }

  /// The answer to a request that is refused: the request itself, of at most 1100 bytes, with
  /// another header (§7.2 and §8.2). Of the client's address the last 96 bits stay where the
  /// request could not be read, so that whoever sent it may know it again.
  static byte[] refusal(byte[] request, PcpResult why, long lifetimeSeconds, long epochSeconds) {
    int length = Math.min(Pcp.MESSAGE_BYTES_MAX, PcpOption.padded(request.length));
    byte[] reply = Arrays.copyOf(request, Math.max(Pcp.HEADER_BYTES, length));
    var out = ByteBuffer.wrap(reply);
    header(out, request[1] & 0x7f, why, lifetimeSeconds, epochSeconds);
    if (!why.isUnreadable()) {
      Arrays.fill(reply, 12, Pcp.HEADER_BYTES, (byte) 0);
    }
    return reply;
  }
}
