package watari.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.net.Seed;

final class Ipv4CutterTest {
  private static final long ROOM = Slab.take(64 + Ipv4.LENGTH_MAX);

  private static List<byte[]> cut(byte[] packet, int mtu) {
    long at = ROOM + 64;
    Slab.write(at, packet, 0, packet.length);
    var cutter = new Ipv4Cutter();
    var pieces = new ArrayList<byte[]>();
    cutter.begin(at, packet.length, mtu);
    while (cutter.next()) {
      pieces.add(Slab.copy(cutter.at(), cutter.length()));
    }
    return pieces;
  }

  private static byte[] packet(byte[] options, byte[] payload) {
    int header = 20 + options.length;
    var packet = ByteBuffer.allocate(header + payload.length);
    packet.put((byte) (0x40 | header / 4)).put((byte) 0x29).putShort((short) packet.capacity());
    packet.putShort((short) 0xbeef).putShort((short) 0).put((byte) 9).put((byte) 17);
    packet.putShort((short) 0).putInt(0xc0a80102).putInt(0xcb007101).put(options).put(payload);
    return packet.array();
  }

  private static void assertHeaderChecksum(byte[] piece) {
    assertThat(SlowChecksum.sum(piece, 0, header(piece).length, 0)).isEqualTo(0xffff);
  }

  private static byte[] header(byte[] piece) {
    return Arrays.copyOf(piece, (piece[0] & 0xf) * 4);
  }

  /// MAPE-53, TUN-12: of any size, for any MTU, piece behind piece.
  @Test
  void piecesFitAndMeet() {
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 5000; i++) {
      int mtu = random.nextInt(1240, 1461);
      int size = random.nextInt(10) == 0 ? random.nextInt(1, 65_516) : random.nextInt(1, 4000);
      var payload = new byte[size];
      random.nextBytes(payload);
      List<byte[]> pieces = cut(packet(new byte[0], payload), mtu);
      assertThat(payload(pieces, mtu)).isEqualTo(payload);
    }
  }

  private static byte[] payload(List<byte[]> pieces, int mtu) {
    var payload = ByteBuffer.allocate(Ipv4.LENGTH_MAX);
    for (int i = 0; i < pieces.size(); i++) {
      byte[] piece = pieces.get(i);
      var bytes = ByteBuffer.wrap(piece);
      boolean isLast = i == pieces.size() - 1;
      assertThat(piece.length).isLessThanOrEqualTo(mtu);
      assertThat(bytes.getShort(0)).as("version, length, class").isEqualTo((short) 0x4529);
      assertThat(bytes.getShort(2) & 0xffff).isEqualTo(piece.length);
      assertThat(bytes.getShort(4) & 0xffff).as("identification").isEqualTo(0xbeef);
      assertThat(bytes.getShort(6) & 0xffff)
          .isEqualTo(payload.position() / 8 | (isLast ? 0 : 0x2000));
      assertThat(isLast || (piece.length - 20) % 8 == 0).as("a multiple of eight").isTrue();
      assertThat(bytes.getShort(8)).as("time to live, protocol").isEqualTo((short) 0x0911);
      assertHeaderChecksum(piece);
      payload.put(piece, 20, piece.length - 20);
    }
    return Arrays.copyOf(payload.array(), payload.position());
  }

  /// MAPE-53: the record of a route stands in the first piece, what must be in all of them in all.
  @Test
  void optionsAreWhereTheySay() {
    byte[] options = HexFormat.of().parseHex("0107030494060a0b0c0d00ff");
    List<byte[]> pieces = cut(packet(options, new byte[3000]), 1240);
    assertThat(pieces).hasSize(3);
    assertThat(header(pieces.get(0))).endsWith(options).hasSize(32);
    byte[] copied = HexFormat.of().parseHex("94060a0b0c0d0000");
    assertThat(header(pieces.get(1))).endsWith(copied).hasSize(28);
    assertThat(header(pieces.get(2))).endsWith(copied).hasSize(28);
    pieces.forEach(Ipv4CutterTest::assertHeaderChecksum);
    assertThat(pieces.stream().mapToInt(piece -> piece.length - header(piece).length).sum())
        .isEqualTo(3000);
  }
}
