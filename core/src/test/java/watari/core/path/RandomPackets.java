package watari.core.path;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import watari.core.wire.SlowChecksum;

/// Packets for one door: valid ones, valid ones with other addresses, ports and marks, spoofed,
/// cut, bent and broken ones, and noise.
final class RandomPackets {
  private static final int[] ADDRESSES = {
    0xc0000212,
    0xc0000213,
    0xc0a8010a,
    0xc0a8010b,
    0x01020304,
    0xc8020304,
    0xe0000001,
    0x7f000001,
    0xffffffff,
    0
  };
  private static final int[] PORTS = {1232, 1233, 64723, 1236, 80, 1023, 0, 65535, 40000, 53};
  private static final long[][] OUTER = {
    {0x20010db8ffff0000L, 1},
    {0x20010db800123400L, 0x0000c00002120034L},
    {0x20010db800123500L, 0x0000c00002120035L},
    {0x20010db800133400L, 0x0000c00002130034L},
    {0x20010db800990000L, 1},
    {0xff02000000000000L, 1}
  };

  private final List<byte[]> samples;
  private final SplittableRandom random;

  RandomPackets(List<byte[]> samples, SplittableRandom random) {
    this.samples = samples;
    this.random = random;
  }

  /// One packet, or several pieces of one in some order.
  List<byte[]> next() {
    byte[] packet = samples.get(random.nextInt(samples.size())).clone();
    if (random.nextInt(50) == 0) {
      return List.of(noise());
    }
    if (random.nextInt(3) != 0) {
      vary(packet);
    }
    if (random.nextInt(8) != 0) {
      mend(packet);
    }
    if (random.nextInt(4) == 0) {
      bend(packet);
    }
    if (random.nextInt(8) == 0) {
      return pieces(packet);
    }
    return List.of(random.nextInt(20) == 0 ? resized(packet) : packet);
  }

  private byte[] noise() {
    var bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    if (bytes.length > 0 && random.nextBoolean()) {
      bytes[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
    }
    return bytes;
  }

  /// Where the IPv4 header begins, or -1.
  private static int inner(byte[] packet) {
    return packet[0] >> 4 == 4 ? 0 : packet[6] == 4 ? 40 : -1;
  }

  private void vary(byte[] packet) {
    var bytes = ByteBuffer.wrap(packet);
    int at = inner(packet);
    if (packet[0] >> 4 == 6 && random.nextInt(3) == 0) {
      long[] address = OUTER[random.nextInt(OUTER.length)];
      int place = random.nextInt(4) == 0 ? 24 : 8;
      bytes.putLong(place, address[0]).putLong(place + 8, address[1]);
      packet[1] = (byte) (random.nextInt(4) << 4);
    }
    if (at < 0) {
      return;
    }
    int transport = at + (packet[at] & 0xf) * 4;
    switch (random.nextInt(6)) {
      case 0 -> bytes.putInt(at + 12, ADDRESSES[random.nextInt(ADDRESSES.length)]);
      case 1 -> bytes.putInt(at + 16, ADDRESSES[random.nextInt(ADDRESSES.length)]);
      case 2 -> bytes.putShort(transport, (short) PORTS[random.nextInt(PORTS.length)]);
      case 3 -> bytes.putShort(transport + 2, (short) PORTS[random.nextInt(PORTS.length)]);
      case 4 -> packet[at + 8] = (byte) random.nextInt(4);
      default -> packet[at + 1] = (byte) random.nextInt(256);
    }
  }

  /// Makes the checksums of IPv4, TCP, UDP and ICMP right again, if there are any.
  static void mend(byte[] packet) {
    int at = packet.length < 20 ? -1 : inner(packet);
    int header = at < 0 ? 0 : (packet[at] & 0xf) * 4;
    if (at < 0 || header < 20 || packet.length < at + header + 20) {
      return;
    }
    var bytes = ByteBuffer.wrap(packet);
    bytes.putShort(at + 10, (short) 0);
    bytes.putShort(at + 10, (short) ~SlowChecksum.sum(packet, at, at + header, 0));
    int transport = at + header;
    int length = packet.length - transport;
    int sum = SlowChecksum.sum(packet, at + 12, at + 20, 0);
    var tail = new byte[] {0, packet[at + 9], (byte) (length >> 8), (byte) length};
    int pseudo = SlowChecksum.sum(tail, 0, 4, sum);
    int place = packet[at + 9] == 1 ? 2 : packet[at + 9] == 6 ? 16 : 6;
    boolean isNone = packet[at + 9] == 17 && bytes.getShort(transport + place) == 0;
    if (!isNone) {
      bytes.putShort(transport + place, (short) 0);
      int start = packet[at + 9] == 1 ? 0 : pseudo;
      bytes.putShort(
          transport + place, (short) ~SlowChecksum.sum(packet, transport, packet.length, start));
    }
  }

  private void bend(byte[] packet) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(Math.min(packet.length, 120));
      packet[at] ^= (byte) (1 << random.nextInt(8));
    }
  }

  private byte[] resized(byte[] packet) {
    return Arrays.copyOf(packet, random.nextInt(packet.length + 20));
  }

  private List<byte[]> pieces(byte[] packet) {
    int header = packet[0] >> 4 == 4 ? (packet[0] & 0xf) * 4 : 40;
    if (header < 20 || packet.length <= header + 8) {
      return List.of(packet);
    }
    int id = random.nextInt(3);
    int middle = random.nextInt((packet.length - header) / 8) * 8;
    int back = random.nextInt(10) == 0 ? 8 : 0;
    var pieces = new ArrayList<byte[]>();
    pieces.add(Pieces.cut(packet, 0, middle, id));
    pieces.add(Pieces.cut(packet, Math.max(0, middle - back), -1, id));
    Collections.shuffle(pieces, random);
    return random.nextInt(5) == 0 ? pieces.subList(0, 1) : pieces;
  }
}
