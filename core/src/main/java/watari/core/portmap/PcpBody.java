package watari.core.portmap;

import java.nio.ByteBuffer;
import watari.core.net.Ipv6Address;

/// What a PCP message says behind its header, by opcode (RFC 6887 §11, §12 and §14). In a request
/// the external address and port are suggested, in a reply they are assigned.
sealed interface PcpBody {

  /// The server is there, and since when its state is (§14.1).
  record Announce() implements PcpBody {}

  /// A port for everybody (§11.1).
  ///
  /// @param protocol an IP protocol number; 0 for all
  /// @param internalPort 0 for all
  record Map(
      Nonce nonce, int protocol, int internalPort, int externalPort, Ipv6Address externalAddress)
      implements PcpBody {

    /// The same mapping with another external end.
    Map assigned(int port, Ipv6Address address) {
      return new Map(nonce, protocol, internalPort, port, address);
    }
  }

  /// A flow with one remote end (§12.1).
  record Peer(Map map, int remotePort, Ipv6Address remoteAddress) implements PcpBody {

    /// The same flow with another external end.
    Peer assigned(int port, Ipv6Address address) {
      return new Peer(map.assigned(port, address), remotePort, remoteAddress);
    }
  }

  /// How many bytes a body has; 0 for an opcode that is not known.
  static int length(int opcode) {
    return switch (opcode) {
      case Pcp.MAP -> Pcp.MAP_BYTES;
      case Pcp.PEER -> Pcp.PEER_BYTES;
      default -> 0;
    };
  }

  /// Reads the body of a known opcode.
  static PcpBody read(int opcode, ByteBuffer in) {
    return switch (opcode) {
      case Pcp.MAP -> readMap(in);
      case Pcp.PEER -> readPeer(in);
      default -> new Announce();
    };
  }

  private static Map readMap(ByteBuffer in) {
    var nonce = new Nonce(in.getLong(), in.getInt());
    int protocol = in.get() & 0xff;
    in.position(in.position() + 3);
    int internalPort = in.getShort() & 0xffff;
    int externalPort = in.getShort() & 0xffff;
    return new Map(nonce, protocol, internalPort, externalPort, readAddress(in));
  }

  private static Peer readPeer(ByteBuffer in) {
    Map map = readMap(in);
    int remotePort = in.getShort() & 0xffff;
    in.position(in.position() + 2);
    return new Peer(map, remotePort, readAddress(in));
  }

  static Ipv6Address readAddress(ByteBuffer in) {
    return new Ipv6Address(in.getLong(), in.getLong());
  }

  default int opcode() {
    return switch (this) {
      case Announce _ -> Pcp.ANNOUNCE;
      case Map _ -> Pcp.MAP;
      case Peer _ -> Pcp.PEER;
    };
  }

  default void write(ByteBuffer out) {
    switch (this) {
      case Announce _ -> {}
      case Map map -> writeMap(map, out);
      case Peer peer -> {
        writeMap(peer.map, out);
        out.putShort((short) peer.remotePort).putShort((short) 0);
        writeAddress(peer.remoteAddress, out);
      }
    }
  }

  private static void writeMap(Map map, ByteBuffer out) {
    out.putLong(map.nonce.high()).putInt(map.nonce.low());
    out.putInt(map.protocol << 24);
    out.putShort((short) map.internalPort).putShort((short) map.externalPort);
    writeAddress(map.externalAddress, out);
  }

  static void writeAddress(Ipv6Address address, ByteBuffer out) {
    out.putLong(address.high()).putLong(address.low());
  }
}
