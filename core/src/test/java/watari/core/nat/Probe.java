package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import watari.core.wire.Checksum;
import watari.core.wire.Icmp;
import watari.core.wire.Ipv4;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;

/// Makes one packet after another, all in the same place, with right checksums.
final class Probe {
  static final int PAYLOAD = 3;
  private static final int UDP_HEADER = 8;

  private final long at = Slab.take(256);
  private final Packet packet = new Packet();

  Packet udp(int source, int sourcePort, int target, int targetPort) {
    return transport(Protocol.UDP, source, sourcePort, target, targetPort, 0);
  }

  /// A packet whose UDP checksum says that there is none.
  Packet udpWithoutChecksum(int source, int sourcePort, int target, int targetPort) {
    udp(source, sourcePort, target, targetPort);
    Slab.putShort(packet.transport() + 6, 0);
    return packet;
  }

  Packet tcp(int source, int sourcePort, int target, int targetPort, int flags) {
    return transport(Protocol.TCP, source, sourcePort, target, targetPort, flags);
  }

  /// A segment with the numbers that a middlebox looks at.
  Packet segment(
      int source,
      int sourcePort,
      int target,
      int targetPort,
      int flags,
      int sequence,
      int acknowledgement) {
    tcp(source, sourcePort, target, targetPort, flags);
    long transport = packet.transport();
    long changes =
        Checksum.change(Slab.intAt(transport + 4), sequence)
            + Checksum.change(Slab.intAt(transport + 8), acknowledgement);
    Slab.putShort(transport + 16, Checksum.update(Slab.shortAt(transport + 16), changes));
    Slab.putInt(transport + 4, sequence);
    Slab.putInt(transport + 8, acknowledgement);
    return received();
  }

  /// A packet of a protocol without ports.
  Packet portless(int protocol, int source, int target) {
    Slab.fill(at + Ipv4.HEADER, 8, 0x5a);
    Ipv4.write(at, Ipv4.HEADER + 8, protocol, 64, source, target);
    return pulled(Ipv4.HEADER + 8);
  }

  Packet echo(int source, int target, int id) {
    return query(Icmp.ECHO, source, target, id);
  }

  Packet echoReply(int source, int target, int id) {
    return query(Icmp.ECHO_REPLY, source, target, id);
  }

  /// A packet of any protocol with ports; for ICMP a query or its answer with the source port as
  /// its identifier.
  Packet any(int protocol, int source, int sourcePort, int target, int targetPort, boolean asks) {
    return switch (protocol) {
      case Protocol.ICMP ->
          query(asks ? Icmp.ECHO : Icmp.ECHO_REPLY, source, target, asks ? sourcePort : targetPort);
      default -> transport(protocol, source, sourcePort, target, targetPort, Tcp.ACK);
    };
  }

  private Packet query(int type, int source, int target, int id) {
    writeQuery(at + Ipv4.HEADER, type, id);
    Ipv4.write(at, Ipv4.HEADER + Icmp.HEADER + PAYLOAD, Protocol.ICMP, 64, source, target);
    return pulled(Ipv4.HEADER + Icmp.HEADER + PAYLOAD);
  }

  private static void writeQuery(long at, int type, int id) {
    Slab.putInt(at, type << 24);
    Slab.putInt(at + 4, id << 16 | 7);
    Slab.fill(at + Icmp.HEADER, PAYLOAD, 0x5a);
    Slab.putShort(at + 2, Checksum.of(Checksum.sum(at, Icmp.HEADER + PAYLOAD)));
  }

  private Packet transport(
      int protocol, int source, int sourcePort, int target, int targetPort, int flags) {
    int bytes = writeTransport(at, protocol, source, sourcePort, target, targetPort, flags);
    return pulled(Ipv4.HEADER + bytes);
  }

  private static int writeTransport(
      long at, int protocol, int source, int sourcePort, int target, int targetPort, int flags) {
    int bytes = (protocol == Protocol.TCP ? Tcp.HEADER : UDP_HEADER) + PAYLOAD;
    long transport = at + Ipv4.HEADER;
    Slab.fill(transport, bytes, 0x5a);
    Slab.putInt(transport, sourcePort << 16 | targetPort);
    if (protocol == Protocol.TCP) {
      Slab.putShort(transport + 12, 0x5000 | flags);
    } else {
      Slab.putShort(transport + 4, bytes);
    }
    long checksum = transport + checksumAt(protocol);
    Slab.putShort(checksum, 0);
    long pseudo = Checksum.pseudoHeader(source, target, protocol, bytes);
    int right = Checksum.of(pseudo + Checksum.sum(transport, bytes));
    Slab.putShort(checksum, right == 0 && protocol == Protocol.UDP ? 0xffff : right);
    Ipv4.write(at, Ipv4.HEADER + bytes, protocol, 64, source, target);
    return bytes;
  }

  private static int checksumAt(int protocol) {
    return protocol == Protocol.TCP ? 16 : 6;
  }

  /// An ICMP error about a packet of this protocol, ends and ports (ICMP: the source port is the
  /// identifier).
  Packet error(
      int type, int from, int to, int protocol, int source, int port, int target, int targetPort) {
    long quote = at + Ipv4.HEADER + Icmp.HEADER;
    int quoted = Icmp.HEADER + PAYLOAD;
    if (protocol == Protocol.ICMP) {
      writeQuery(quote + Ipv4.HEADER, Icmp.ECHO, port);
      Ipv4.write(quote, Ipv4.HEADER + quoted, Protocol.ICMP, 64, source, target);
    } else {
      quoted = writeTransport(quote, protocol, source, port, target, targetPort, 0);
    }
    int bytes = Icmp.HEADER + Ipv4.HEADER + quoted;
    long icmp = at + Ipv4.HEADER;
    Slab.putInt(icmp, type << 24 | 3 << 16);
    Slab.putInt(icmp + 4, 0);
    Slab.putShort(icmp + 2, Checksum.of(Checksum.sum(icmp, bytes)));
    Ipv4.write(at, Ipv4.HEADER + bytes, Protocol.ICMP, 64, from, to);
    return pulled(Ipv4.HEADER + bytes);
  }

  private Packet pulled(int length) {
    assertThat(packet.pull(at, length)).as("the probe is well formed").isTrue();
    return packet;
  }

  /// Reads the packet anew, as the next host would, and checks every checksum.
  Packet received() {
    pulled(Ipv4.totalLength(at));
    switch (packet.protocol()) {
      case Protocol.ICMP -> {
        assertThat(isRight(0, packet.transport(), packet.transportLength())).isTrue();
        if (packet.isError()) {
          checkQuote();
        }
      }
      case Protocol.TCP, Protocol.UDP -> checkTransport(at, packet.transportLength());
      default -> assertThat(packet.hasPorts()).isFalse();
    }
    return packet;
  }

  private void checkQuote() {
    long quote = packet.transport() + Icmp.HEADER;
    assertThat(isRight(0, quote, Ipv4.HEADER)).as("checksum of the quote").isTrue();
    if (Ipv4.protocol(quote) == Protocol.ICMP) {
      assertThat(isRight(0, quote + Ipv4.HEADER, Ipv4.totalLength(quote) - Ipv4.HEADER)).isTrue();
    } else {
      checkTransport(quote, Ipv4.totalLength(quote) - Ipv4.HEADER);
    }
  }

  private static void checkTransport(long at, int bytes) {
    int protocol = Ipv4.protocol(at);
    long transport = at + Ipv4.HEADER;
    if (protocol == Protocol.UDP && Slab.shortAt(transport + 6) == 0) {
      return;
    }
    long pseudo = Checksum.pseudoHeader(Ipv4.source(at), Ipv4.target(at), protocol, bytes);
    assertThat(isRight(pseudo, transport, bytes)).as("checksum of protocol %d", protocol).isTrue();
  }

  private static boolean isRight(long pseudo, long at, int bytes) {
    return Checksum.fold(pseudo + Checksum.sum(at, bytes)) == 0xffff;
  }

  /// The UDP checksum of the packet.
  int udpChecksum() {
    return Slab.shortAt(packet.transport() + checksumAt(Protocol.UDP));
  }

  Packet packet() {
    return packet;
  }

  /// The packet as it lies there.
  byte[] bytes() {
    return Slab.copy(at, Ipv4.totalLength(at));
  }
}
