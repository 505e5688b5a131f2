package watari.lab.kernel;

import java.nio.ByteBuffer;
import java.util.Random;
import watari.core.net.Ipv6Address;
import watari.core.rule.RuleTable;

/// Frames of a home's flows: those that open, go on and end, and those that are wrong somewhere.
final class GatewayPackets {
  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;

  /// The kernel makes no packet of a shorter frame.
  static final int PAYLOAD = 12;

  private static final int IPV4 = 20;
  private static final int UDP = 17;
  private static final int TCP = 6;
  private static final int SYN = 2;
  private static final int ACK = 16;
  private static final int[] ENDS = {1, 4, 17, 18, 20, 25, 2, 48, 24, 0, 8};

  private final Random random;
  private final OffloadPackets spoiler;
  private final Ipv6Address relay;
  private final Ipv6Address own;

  GatewayPackets(RuleTable table, Random random, Ipv6Address relay, Ipv6Address own) {
    this.random = random;
    this.relay = relay;
    this.own = own;
    spoiler = new OffloadPackets(table, random);
  }

  /// What a host at home and somebody on the Internet say to each other.
  final class Flow {
    private final boolean isTcp = random.nextBoolean();
    private final int inside = 0xc0a80000 | 2 + random.nextInt(30);
    private final int insidePort = random.nextInt(0x10000);
    private final int remote = remote();
    private final int remotePort = random.nextInt(20) == 0 ? 53 : random.nextInt(0x10000);
    private int outerPort;
    private long farHigh = relay.high();
    private long farLow = relay.low();
    private int nextOut = random.nextInt();
    private int nextIn = random.nextInt();
    private int turn;

    /// Learns how its packets leave.
    void learn(byte[] sent) {
      var packet = ByteBuffer.wrap(sent);
      if (packet.getInt(IPV6 + 16) == remote) {
        farHigh = packet.getLong(24);
        farLow = packet.getLong(32);
        outerPort = packet.getShort(IPV6 + IPV4) & 0xffff;
      }
    }

    boolean isLeaving() {
      return turn < 3 ? turn != 1 : random.nextBoolean();
    }

    /// A frame from home.
    byte[] fromHome() {
      int flags = flags();
      byte[] packet = packet(inside, insidePort, remote, remotePort, flags, nextOut, nextIn);
      nextOut += dataBytes(packet, flags);
      var frame = ByteBuffer.allocate(Math.max(random.nextInt(4) * 20, ETHERNET + packet.length));
      frame.put(12, new byte[] {8, 0}).put(ETHERNET, packet);
      return turn++ < 3 ? frame.array() : spoiler.spoilt(frame.array(), ETHERNET);
    }

    /// A frame from the line.
    byte[] fromLine() {
      int flags = flags();
      byte[] packet = packet(remote, remotePort, outer(), outerPort, flags, nextIn, nextOut);
      nextIn += dataBytes(packet, flags);
      var frame = ByteBuffer.allocate(ETHERNET + IPV6 + packet.length);
      frame.putShort(12, (short) 0x86dd);
      frame.position(ETHERNET).putInt(6 << 28 | (packet[1] & 0xff) << 20);
      frame.putShort((short) packet.length).put((byte) 4).put((byte) 61);
      frame.putLong(farHigh).putLong(farLow).putLong(own.high()).putLong(own.low()).put(packet);
      boolean isOpening = turn++ < 3;
      if (!isOpening && random.nextInt(16) == 0) {
        frame.put(ETHERNET + 1 + random.nextInt(IPV6 - 1), (byte) random.nextInt(256));
      }
      return isOpening ? frame.array() : spoiler.spoilt(frame.array(), ETHERNET + IPV6);
    }

    private int outer() {
      return spoiler.table().rule(0).ipv4().bits() | 18;
    }

    private static int sum(int address) {
      return (address >>> 16) + (address & 0xffff);
    }

    private int flags() {
      return switch (turn) {
        case 0 -> SYN;
        case 1 -> SYN | ACK;
        case 2 -> ACK;
        default -> random.nextInt(100) == 0 ? ENDS[random.nextInt(ENDS.length)] : ACK;
      };
    }

    private int dataBytes(byte[] packet, int flags) {
      return isTcp ? packet.length - IPV4 - 20 + (flags & SYN) / SYN + (flags & 1) : 0;
    }

    private byte[] packet(
        int source,
        int sourcePort,
        int target,
        int targetPort,
        int flags,
        int sequence,
        int acknowledged) {
      int header = IPV4 + (isTcp ? 20 : 8);
      boolean isLong = turn > 2 && random.nextInt(4) == 0;
      int payload = isLong ? random.nextInt(1480 - header) : random.nextInt(40);
      var packet = ByteBuffer.allocate(header + payload);
      packet.put((byte) 0x45).put((byte) random.nextInt(256)).putShort((short) (header + payload));
      packet.putShort((short) random.nextInt());
      packet.putShort((short) (random.nextInt(8) > 0 ? 0x4000 : 0));
      packet.put((byte) (turn < 3 ? 64 : random.nextInt(256)));
      packet.put((byte) (isTcp ? TCP : UDP)).putShort((short) 0);
      packet
          .putInt(source)
          .putInt(target)
          .putShort((short) sourcePort)
          .putShort((short) targetPort);
      if (isTcp) {
        int jump = random.nextInt(50) == 0 ? random.nextInt() : 0;
        packet.putInt(sequence + jump).putInt(acknowledged + jump % 7);
        packet.putShort((short) (0x5000 | flags)).putShort((short) random.nextInt());
      } else {
        packet.putShort((short) (8 + payload));
      }
      packet.putShort((short) checksum(source, sourcePort, target, targetPort));
      OffloadPackets.seal(packet.array(), 0);
      return packet.array();
    }

    /// Of UDP often none; who translates changes it and does not ask whether it was right.
    /// Sometimes it is what translation makes zero.
    private int checksum(int source, int sourcePort, int target, int targetPort) {
      int before = sum(source) + sourcePort + sum(target) + targetPort;
      boolean isOut = source == inside;
      int after =
          isOut
              ? sum(outer()) + outerPort + sum(target) + targetPort
              : sum(source) + sourcePort + sum(inside) + insidePort;
      return switch (random.nextInt(8)) {
        case 0, 1 -> 0;
        case 2 -> 0xffff;
        case 3 -> random.nextInt(8);
        case 4 -> Math.floorMod(after - before, 0xffff);
        default -> random.nextInt(0x10000);
      };
    }
  }

  /// A frame with a usual datagram.
  static byte[] datagram(int source, int sourcePort, int target, int targetPort, int payload) {
    byte[] frame = frame(UDP, source, sourcePort, target, targetPort, 8 + payload);
    behindPorts(frame).putShort((short) (8 + payload)).putShort((short) 0x1234);
    return frame;
  }

  /// A frame with a segment.
  static byte[] segment(
      int source,
      int sourcePort,
      int target,
      int targetPort,
      int flags,
      int sequence,
      int acknowledged) {
    byte[] frame = frame(TCP, source, sourcePort, target, targetPort, 20 + PAYLOAD);
    var rest = behindPorts(frame).putInt(sequence).putInt(acknowledged);
    rest.putShort((short) (0x5000 | flags)).putShort((short) 1000).putShort((short) 0x1234);
    return frame;
  }

  private static ByteBuffer behindPorts(byte[] frame) {
    return ByteBuffer.wrap(frame).position(ETHERNET + IPV4 + 4);
  }

  private static byte[] frame(
      int protocol, int source, int sourcePort, int target, int targetPort, int bytes) {
    var frame = ByteBuffer.allocate(ETHERNET + IPV4 + bytes);
    frame.put(12, new byte[] {8, 0}).position(ETHERNET);
    frame.putInt(0x45000000 | IPV4 + bytes).putInt(0x4000).putInt(64 << 24 | protocol << 16);
    frame.putInt(source).putInt(target).putInt(sourcePort << 16 | targetPort);
    OffloadPackets.seal(frame.array(), ETHERNET);
    return frame.array();
  }

  /// The same in a tunnel of somebody's.
  static byte[] tunnelled(byte[] plain, Ipv6Address from, Ipv6Address to) {
    var frame = ByteBuffer.allocate(IPV6 + plain.length);
    frame.putShort(12, (short) 0x86dd).position(ETHERNET);
    frame.putInt(6 << 28).putShort((short) (plain.length - ETHERNET));
    frame.put((byte) 4).put((byte) 61);
    frame.putLong(from.high()).putLong(from.low()).putLong(to.high()).putLong(to.low());
    frame.put(plain, ETHERNET, plain.length - ETHERNET);
    return frame.array();
  }

  /// Mostly of the Internet, sometimes another subscriber of the mesh, seldom ourselves.
  private int remote() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> 0xc0000200 | random.nextInt(256);
      case 3 -> random.nextInt();
      default -> 0x80000000 | random.nextInt(0x10000);
    };
  }
}
