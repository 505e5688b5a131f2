package watari.lab.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import watari.core.rule.RuleTable;

/// Frames for a relay: usual ones of random subscribers, and those that are wrong somewhere.
record OffloadPackets(RuleTable table, Random random) {
  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;
  private static final int IPV4 = 20;
  private static final int UDP = 17;
  private static final int TCP = 6;
  private static final int PAYLOAD_MAX = 1480;

  /// What a subscriber has, and whom it speaks to.
  private record Flow(int rule, int inside, int insidePort, int outside, int outsidePort) {}

  /// A frame with an IPv4 packet for a subscriber.
  byte[] fromInternet() {
    Flow flow = flow();
    byte[] packet = ipv4(flow.outside, flow.outsidePort, flow.inside, flow.insidePort);
    var frame = ByteBuffer.allocate(Math.max(random.nextInt(4) * 20, ETHERNET + packet.length));
    frame.put(12, new byte[] {8, 0}).put(ETHERNET, packet);
    return spoilt(frame.array(), ETHERNET);
  }

  /// A frame with a subscriber's IPv4 packet in its tunnel.
  byte[] fromLine() {
    Flow flow = flow();
    byte[] packet = ipv4(flow.inside, flow.insidePort, flow.outside, flow.outsidePort);
    int rule = flow.rule;
    boolean isOwned = table.byAddress(flow.inside, flow.insidePort) == rule;
    var frame = ByteBuffer.allocate(ETHERNET + IPV6 + packet.length);
    frame.putShort(12, (short) 0x86dd);
    frame.position(ETHERNET).putInt(6 << 28 | (packet[1] & 0xff) << 20);
    frame.putShort((short) packet.length).put((byte) 4).put((byte) 61);
    frame.putLong(isOwned ? table.high(rule, flow.inside, flow.insidePort) : random.nextLong());
    frame.putLong(isOwned ? table.low(rule, flow.inside, flow.insidePort) : random.nextLong());
    frame.putLong(table.relayHigh(rule)).putLong(table.relayLow(rule)).put(packet);
    if (random.nextInt(16) == 0) {
      frame.put(ETHERNET + 1, (byte) random.nextInt(256));
    }
    return spoilt(frame.array(), ETHERNET + IPV6);
  }

  private Flow flow() {
    int rule = random.nextInt(table.size());
    var prefix = table.rule(rule).ipv4();
    int inside = prefix.bits() | (random.nextInt() & ~mask(prefix.length()));
    return new Flow(rule, inside, port(), outside(), port());
  }

  private static int mask(int length) {
    return length == 0 ? 0 : -1 << (32 - length);
  }

  /// Mostly of the Internet; sometimes one of ours or one that nobody has.
  private int outside() {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextInt();
      case 1 -> 0xc0000200 | random.nextInt(256);
      default -> 0x08080000 | random.nextInt(0x10000);
    };
  }

  private int port() {
    return random.nextInt(0x10000);
  }

  private byte[] ipv4(int source, int sourcePort, int target, int targetPort) {
    boolean isTcp = random.nextBoolean();
    int header = IPV4 + (isTcp ? 20 : 8);
    int payload =
        random.nextInt(3) == 0 ? random.nextInt(PAYLOAD_MAX - header) : random.nextInt(40);
    var packet = ByteBuffer.allocate(header + payload);
    packet.put((byte) 0x45).put((byte) random.nextInt(256)).putShort((short) packet.capacity());
    packet.putShort((short) random.nextInt()).putShort((short) (random.nextBoolean() ? 0x4000 : 0));
    packet.put((byte) random.nextInt(256)).put((byte) (isTcp ? TCP : UDP)).putShort((short) 0);
    packet.putInt(source).putInt(target).putShort((short) sourcePort).putShort((short) targetPort);
    if (isTcp) {
      packet.put(IPV4 + 12, (byte) 0x50);
      packet.put(IPV4 + 13, (byte) (random.nextInt(8) == 0 ? 2 : 0x10));
    }
    seal(packet.array(), 0);
    return packet.array();
  }

  /// Makes the checksum of an IPv4 header right.
  static void seal(byte[] bytes, int at) {
    var header = ByteBuffer.wrap(bytes);
    header.putShort(at + 10, (short) 0);
    int sum = 0;
    for (int i = 0; i < IPV4; i += 2) {
      sum += header.getShort(at + i) & 0xffff;
    }
    while (sum > 0xffff) {
      sum = (sum >>> 16) + (sum & 0xffff);
    }
    header.putShort(at + 10, (short) ~sum);
  }

  /// A third of the frames is wrong in a byte or cut short; of some of them the checksum is made
  /// right again.
  byte[] spoilt(byte[] frame, int header) {
    if (random.nextInt(50) == 0) {
      frame[random.nextInt(6)] = (byte) (1 << random.nextInt(8)); // to somebody else
    }
    if (random.nextInt(3) > 0) {
      return frame;
    }
    for (int flips = random.nextInt(3); flips >= 0; flips--) {
      int at = 12 + random.nextInt(Math.min(header + 48, frame.length) - 12);
      frame[at] ^= (byte) (1 << random.nextInt(8));
    }
    if (random.nextBoolean()) {
      seal(frame, header);
    }
    boolean isCut = random.nextInt(4) == 0;
    int length = isCut ? ETHERNET + random.nextInt(frame.length - ETHERNET) : frame.length;
    return Arrays.copyOf(frame, length);
  }
}
