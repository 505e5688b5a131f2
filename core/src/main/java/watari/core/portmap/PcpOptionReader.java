package watari.core.portmap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads the options of one request, in their order (RFC 6887 §7.3).
///
/// ```
/// | code, 8 bits | reserved, 8 | length, 16 | length bytes | up to 3 bytes to the next word |
/// ```
final class PcpOptionReader {
  private final int opcode;
  private final List<PcpOption> options = new ArrayList<>();

  PcpOptionReader(int opcode) {
    this.opcode = opcode;
  }

  /// Those read so far.
  List<PcpOption> options() {
    return options;
  }

  /// Reads to the end, or to the first that is wrong.
  PcpResult read(ByteBuffer in) {
    PcpResult result = PcpResult.SUCCESS;
    while (result == PcpResult.SUCCESS && in.hasRemaining()) {
      result = readOne(in);
    }
    return result;
  }

  private PcpResult readOne(ByteBuffer in) {
    int code = in.get() & 0xff;
    in.get();
    int length = in.getShort() & 0xffff;
    if (PcpOption.padded(length) > in.remaining()) {
      return PcpResult.MALFORMED_OPTION;
    }
    ByteBuffer data = in.slice(in.position(), length);
    in.position(in.position() + PcpOption.padded(length));
    return take(code, data);
  }

  /// THIRD_PARTY is for what speaks in another host's name; no host at home may (§13.1).
  private PcpResult take(int code, ByteBuffer data) {
    return switch (code) {
      case Pcp.PREFER_FAILURE -> takePreferFailure(data);
      case Pcp.FILTER -> takeFilter(data);
      case Pcp.PORT_SET -> takePortSet(data);
      default -> code < Pcp.OPTIONAL ? PcpResult.UNSUPP_OPTION : PcpResult.SUCCESS;
    };
  }

  private PcpResult takePreferFailure(ByteBuffer data) {
    boolean isWrong =
        opcode != Pcp.MAP || data.hasRemaining() || has(PcpOption.PreferFailure.class);
    return isWrong ? PcpResult.MALFORMED_OPTION : add(new PcpOption.PreferFailure());
  }

  private PcpResult takeFilter(ByteBuffer data) {
    boolean isWrong = opcode != Pcp.MAP || data.remaining() != PcpOption.FILTER_BYTES;
    return isWrong ? PcpResult.MALFORMED_OPTION : add(PcpOption.readFilter(data));
  }

  private PcpResult takePortSet(ByteBuffer data) {
    if (opcode != Pcp.MAP) {
      return PcpResult.SUCCESS; // it may be passed over, and means nothing here
    }
    boolean isWrong = data.remaining() != PcpOption.PORT_SET_BYTES || has(PcpOption.PortSet.class);
    return isWrong ? PcpResult.MALFORMED_OPTION : add(PcpOption.readPortSet(data));
  }

  private PcpResult add(PcpOption option) {
    options.add(option);
    return PcpResult.SUCCESS;
  }

  private boolean has(Class<? extends PcpOption> kind) {
    return options.stream().anyMatch(kind::isInstance);
  }
}
