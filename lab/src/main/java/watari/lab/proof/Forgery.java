package watari.lab.proof;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import watari.core.net.Ipv6Address;
import watari.lab.line.Place;
import watari.lab.line.RawSocket;

/// A 4in6 packet made by hand, with any addresses: outer IPv6, inner IPv4, UDP and a text.
///
/// @param outerSource who says it tunnels
/// @param outerTarget the relay
/// @param innerSource who says it speaks
/// @param innerTarget who shall hear it
public record Forgery(
    Ipv6Address outerSource,
    Ipv6Address outerTarget,
    Endpoint innerSource,
    Endpoint innerTarget,
    String text) {

  private static final int IPV6_HEADER = 40;
  private static final int IPV4_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final byte IPV4_IN_IPV6 = 4;
  private static final byte UDP = 17;

  /// The bytes of the packet, from the IPv6 header on. The UDP checksum is right, so that only the
  /// addresses can be a reason to drop it.
  public byte[] bytes() {
    var payload = text.getBytes(StandardCharsets.UTF_8);
    int udp = UDP_HEADER + payload.length;
    var packet = ByteBuffer.allocate(IPV6_HEADER + IPV4_HEADER + udp);
    packet.putInt(6 << 28).putShort((short) (IPV4_HEADER + udp)).put(IPV4_IN_IPV6).put((byte) 64);
    put(packet, outerSource);
    put(packet, outerTarget);
    packet.putShort((short) 0x4500).putShort((short) (IPV4_HEADER + udp)).putInt(0x4000);
    packet.put((byte) 64).put(UDP).putShort((short) 0);
    packet.putInt(innerSource.address().bits()).putInt(innerTarget.address().bits());
    packet.putShort((short) innerSource.port()).putShort((short) innerTarget.port());
    packet.putShort((short) udp).putShort((short) 0).put(payload);
    int inner = IPV6_HEADER;
    int transport = inner + IPV4_HEADER;
    long pseudo = InternetSum.pseudo(innerSource.address(), innerTarget.address(), UDP, udp);
    packet.putShort(inner + 10, InternetSum.of(packet, inner, IPV4_HEADER, 0));
    packet.putShort(transport + 6, InternetSum.of(packet, transport, udp, pseudo));
    return packet.array();
  }

  /// Puts it on the wire at a host, to be routed by its outer target.
  void send(Place place) throws IOException {
    try (var socket = RawSocket.sender(place)) {
      socket.send(bytes(), socketAddress());
    }
  }

  /// `struct sockaddr_in6`: family in the machine's byte order, port, flow, address, scope.
  private byte[] socketAddress() {
    var address = ByteBuffer.allocate(28).order(ByteOrder.nativeOrder());
    address.putShort((short) RawSocket.AF_INET6).order(ByteOrder.BIG_ENDIAN);
    put(address.position(8), outerTarget);
    return address.array();
  }

  private static void put(ByteBuffer into, Ipv6Address address) {
    into.putLong(address.high()).putLong(address.low());
  }
}
