package watari.lab.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import watari.core.net.Ipv4Address;
import watari.lab.proof.InternetSum;

/// Writes messages as IPv4 packets.
///
/// @param timeToLive of the packets
/// @param dontFragment whether routers may cut them
record Ipv4Writer(int timeToLive, boolean dontFragment) {

  /// What hosts usually send.
  static final Ipv4Writer USUAL = new Ipv4Writer(64, false);

  static final int HEADER = 20;
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int ICMP_HEADER = 8;
  static final int UDP_HEADER = 8;
  static final int TCP_HEADER = 20;
  static final int TCP_HEADER_OF_SYN = 24;
  static final int SEGMENT_SIZE_OPTION = 2 << 8 | 4;

  private static final int DONT_FRAGMENT = 0x4000;
  private static final int WINDOW = 0xffff;
  private static final byte FILLING = 'w';

  byte[] bytes(Message message) {
    return switch (message) {
      case Message.Udp udp -> udp(udp);
      case Message.Tcp tcp -> tcp(tcp);
      case Message.Echo echo -> echo(echo);
      case Message.Failure failure -> failure(failure);
    };
  }

  private byte[] udp(Message.Udp udp) {
    var text = udp.text().getBytes(StandardCharsets.UTF_8);
    int length = UDP_HEADER + text.length;
    var packet = header(UDP, udp, length);
    packet.putShort((short) udp.from().port()).putShort((short) udp.to().port());
    packet.putShort((short) length).putShort((short) 0).put(text);
    return finish(packet, 6, InternetSum.pseudo(udp.source(), udp.target(), UDP, length));
  }

  private byte[] tcp(Message.Tcp tcp) {
    var text = tcp.text().getBytes(StandardCharsets.UTF_8);
    int header = tcp.segmentSizeMax() == 0 ? TCP_HEADER : TCP_HEADER_OF_SYN;
    int length = header + text.length;
    var packet = header(TCP, tcp, length);
    packet.putShort((short) tcp.from().port()).putShort((short) tcp.to().port());
    packet.putInt(tcp.sequence()).putInt(tcp.acknowledgement());
    packet.putShort((short) ((header / 4) << 12 | tcp.flags())).putShort((short) WINDOW).putInt(0);
    if (tcp.segmentSizeMax() != 0) {
      packet.putShort((short) SEGMENT_SIZE_OPTION).putShort((short) tcp.segmentSizeMax());
    }
    packet.put(text);
    return finish(packet, 16, InternetSum.pseudo(tcp.source(), tcp.target(), TCP, length));
  }

  private byte[] echo(Message.Echo echo) {
    var packet = header(ICMP, echo, ICMP_HEADER + echo.octets());
    packet.put((byte) (echo.isReply() ? 0 : 8)).put((byte) 0).putShort((short) 0);
    packet.putShort((short) echo.identifier()).putShort((short) echo.sequence());
    var filling = new byte[echo.octets()];
    Arrays.fill(filling, FILLING);
    return finish(packet.put(filling), 2, 0);
  }

  /// No host in memory needs to send one.
  private static byte[] failure(Message.Failure failure) {
    throw new IllegalArgumentException("a host in memory says no " + failure);
  }

  private ByteBuffer header(int protocol, Message message, int payload) {
    var packet = ByteBuffer.allocate(HEADER + payload);
    packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putShort((short) 0);
    packet.putShort((short) (dontFragment ? DONT_FRAGMENT : 0));
    packet.put((byte) timeToLive).put((byte) protocol).putShort((short) 0);
    put(packet, message.source());
    put(packet, message.target());
    return packet;
  }

  private static void put(ByteBuffer packet, Ipv4Address address) {
    packet.putInt(address.bits());
  }

  /// Writes both checksums.
  ///
  /// @param checksumAt of the transport, from its header on
  private static byte[] finish(ByteBuffer packet, int checksumAt, long pseudo) {
    packet.putShort(10, InternetSum.of(packet, 0, HEADER, 0));
    int length = packet.capacity() - HEADER;
    packet.putShort(HEADER + checksumAt, InternetSum.of(packet, HEADER, length, pseudo));
    var bytes = new byte[packet.capacity()];
    packet.get(0, bytes);
    return bytes;
  }
}
