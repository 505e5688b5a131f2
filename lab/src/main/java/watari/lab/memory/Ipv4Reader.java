package watari.lab.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import watari.core.net.Ipv4Address;
import watari.lab.proof.Disproved;
import watari.lab.proof.Endpoint;
import watari.lab.proof.InternetSum;

/// Reads IPv4 packets as a host does: one with a wrong length or checksum is not believed.
final class Ipv4Reader {

  /// No packet here has options.
  private static final int AT = Ipv4Writer.HEADER;

  private static final Set<Integer> KNOWN = Set.of(Ipv4Writer.ICMP, Ipv4Writer.TCP, Ipv4Writer.UDP);

  private final ByteBuffer packet;
  private final Ipv4Address source;
  private final Ipv4Address target;
  private final int length;

  private Ipv4Reader(ByteBuffer packet) {
    this.packet = packet;
    source = new Ipv4Address(packet.getInt(12));
    target = new Ipv4Address(packet.getInt(16));
    length = packet.capacity() - AT;
  }

  static Message read(byte[] bytes) throws Disproved {
    var packet = ByteBuffer.wrap(bytes);
    Disproved.unless(
        bytes.length >= Ipv4Writer.HEADER + Ipv4Writer.ICMP_HEADER && bytes[0] == 0x45,
        "a packet came that is no IPv4 without options, or too short");
    Disproved.unless(
        (packet.getShort(2) & 0xffff) == bytes.length,
        "a packet of " + bytes.length + " octets came that says another length");
    Disproved.unless(
        InternetSum.of(packet, 0, Ipv4Writer.HEADER, 0) == 0,
        "a packet with a wrong header checksum came");
    return new Ipv4Reader(packet).message();
  }

  private Message message() throws Disproved {
    int protocol = packet.get(9);
    Disproved.unless(KNOWN.contains(protocol), "a packet of protocol " + protocol + " came");
    demandSum(protocol);
    return switch (protocol) {
      case Ipv4Writer.UDP -> new Message.Udp(from(), to(), text(Ipv4Writer.UDP_HEADER));
      case Ipv4Writer.TCP -> tcp();
      case Ipv4Writer.ICMP -> icmp();
      default -> throw new AssertionError(protocol);
    };
  }

  private void demandSum(int protocol) throws Disproved {
    long pseudo =
        protocol == Ipv4Writer.ICMP ? 0 : InternetSum.pseudo(source, target, protocol, length);
    Disproved.unless(
        InternetSum.of(packet, AT, length, pseudo) == 0,
        "a packet of protocol " + protocol + " with a wrong checksum came from " + source);
  }

  private Message tcp() throws Disproved {
    int flags = packet.get(AT + 13) & 0x3f;
    int header = (packet.get(AT + 12) >> 4 & 0x0f) * 4;
    Disproved.unless(
        header >= Ipv4Writer.TCP_HEADER && header <= length,
        "a TCP header of " + header + " octets");
    boolean hasOption =
        header > Ipv4Writer.TCP_HEADER
            && packet.getShort(AT + Ipv4Writer.TCP_HEADER) == Ipv4Writer.SEGMENT_SIZE_OPTION;
    int segmentSizeMax = hasOption ? packet.getShort(AT + Ipv4Writer.TCP_HEADER + 2) & 0xffff : 0;
    return new Message.Tcp(
        from(),
        to(),
        flags,
        packet.getInt(AT + 4),
        packet.getInt(AT + 8),
        segmentSizeMax,
        text(header));
  }

  private Message icmp() {
    int type = packet.get(AT) & 0xff;
    return type == 0 || type == 8
        ? new Message.Echo(
            source,
            target,
            type == 0,
            packet.getShort(AT + 4) & 0xffff,
            packet.getShort(AT + 6) & 0xffff,
            length - Ipv4Writer.ICMP_HEADER)
        : new Message.Failure(
            source, target, type, packet.get(AT + 1) & 0xff, packet.getShort(AT + 6) & 0xffff);
  }

  private Endpoint from() {
    return new Endpoint(source, packet.getShort(AT) & 0xffff);
  }

  private Endpoint to() {
    return new Endpoint(target, packet.getShort(AT + 2) & 0xffff);
  }

  private String text(int header) {
    return StandardCharsets.UTF_8.decode(packet.slice(AT + header, length - header)).toString();
  }
}
