package watari.lab.line;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;

/// Frames that nobody honest sends, for a relay, from a seed.
final class HostilePackets {
  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;
  private static final int IPV4 = 20;
  private static final int PAYLOAD = 24;
  private static final int UDP = 17;

  private final SplittableRandom random;
  private final Subscriber subscriber;
  private final byte[] toRelay;
  private final int inside;
  private final int port;
  private final int outside = Ipv4Address.parse(Topology.INTERNET_IPV4).bits();

  /// @param ethernet the relay's address at the interface they come in by, as `ip` prints it
  HostilePackets(SplittableRandom random, Subscriber subscriber, String ethernet) {
    this.random = random;
    this.subscriber = subscriber;
    toRelay = HexFormat.ofDelimiter(":").parseHex(ethernet);
    inside = subscriber.ipv4().bits();
    port = subscriber.ports().getFirst();
  }

  /// One from the line.
  byte[] fromLine() {
    return switch (random.nextInt(7)) {
      case 0, 1 -> spoofed();
      case 2 -> cut(honest(), ETHERNET + 1);
      case 3 -> tunnelled(cut(ipv4(inside, port, outside, 80, 64), 1));
      case 4 -> tunnelled(ipv4(inside, port, inside, port, 64));
      case 5 -> tunnelled(ipv4(inside, port, inside, 80, 255));
      default -> tunnelled(ipv4(inside, port, inside + 1, port + random.nextInt(0x1000), 1));
    };
  }

  /// One from the Internet: to a port that no subscriber has, from a subscriber's address, or cut.
  byte[] fromInternet() {
    return switch (random.nextInt(4)) {
      case 0 -> framed(0x0800, cut(ipv4(outside, 80, inside, port, 64), 1));
      case 1 -> framed(0x0800, ipv4(inside + 1, port, inside, port, 64));
      default -> framed(0x0800, ipv4(outside, 80, inside, random.nextInt(0x1000), 255));
    };
  }

  private byte[] honest() {
    return tunnelled(ipv4(inside, port, outside, 80, 64));
  }

  /// Another outer source, by one bit or all of it, but one that is an address of the Internet.
  private byte[] spoofed() {
    byte[] frame = honest();
    int source = ETHERNET + 8;
    if (random.nextBoolean()) {
      frame[source + 1 + random.nextInt(15)] ^= (byte) (1 << random.nextInt(8));
    } else {
      for (int i = 1; i < 16; i++) {
        frame[source + i] = (byte) random.nextInt(256);
      }
    }
    return frame;
  }

  private byte[] cut(byte[] packet, int least) {
    return Arrays.copyOf(packet, random.nextInt(least, packet.length));
  }

  private byte[] tunnelled(byte[] inner) {
    var packet = ByteBuffer.allocate(IPV6 + inner.length);
    packet.putInt(6 << 28).putShort((short) inner.length).put((byte) 4).put((byte) 64);
    var source = subscriber.mapAddress();
    var target = Ipv6Address.parse(Topology.RELAY_IPV6);
    packet.putLong(source.high()).putLong(source.low());
    packet.putLong(target.high()).putLong(target.low()).put(inner);
    return framed(0x86dd, packet.array());
  }

  private byte[] framed(int type, byte[] packet) {
    var frame = ByteBuffer.allocate(ETHERNET + packet.length);
    frame.put(toRelay).position(12).putShort((short) type).put(packet);
    return frame.array();
  }

  private static byte[] ipv4(int source, int sourcePort, int target, int targetPort, int ttl) {
    var packet = ByteBuffer.allocate(IPV4 + 8 + PAYLOAD);
    packet.putInt(0x45 << 24 | packet.capacity()).putInt(0x4000).putInt(ttl << 24 | UDP << 16);
    packet.putInt(source).putInt(target).putInt(sourcePort << 16 | (targetPort & 0xffff));
    packet.putShort((short) (8 + PAYLOAD));
    int sum = 0;
    for (int i = 0; i < IPV4; i += 2) {
      sum += packet.getShort(i) & 0xffff;
    }
    packet.putShort(10, (short) ~((sum & 0xffff) + (sum >>> 16)));
    return packet.array();
  }
}
