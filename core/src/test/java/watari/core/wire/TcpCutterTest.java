package watari.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Seed;

final class TcpCutterTest {
  private static final int HEADROOM = 64;
  private static final int BYTES = HEADROOM + 65535;
  private static final int OPTIONS_WORDS = 10;

  private final TcpCutter cutter = new TcpCutter();
  private final long memory = Slab.take(BYTES);
  private final long at = memory + HEADROOM;

  @AfterEach
  void close() {
    Slab.give(memory, BYTES);
  }

  @Test
  void cutsAsTheSlowTwinDoes() {
    var random = Seed.random();
    for (int i = 0; i < 3000; i++) {
      byte[] whole = random(random);
      int segmentBytes = random.nextInt(1, random.nextBoolean() ? 100 : 3000);
      assertThat(cut(whole, segmentBytes))
          .as("packet %d of %d bytes, cut to %d", i, whole.length, segmentBytes)
          .containsExactlyElementsOf(SlowSegments.of(whole, segmentBytes));
    }
  }

  /// Any flags, any options, also of IPv4.
  private static byte[] random(SplittableRandom random) {
    byte[] payload = new byte[random.nextInt(1, random.nextInt(10) == 0 ? 65_000 : 5000)];
    random.nextBytes(payload);
    byte[] options = new byte[4 * random.nextInt(OPTIONS_WORDS + 1)];
    random.nextBytes(options);
    byte[] plain =
        TcpPacket.of(random.nextInt(256), random.nextInt(), payload)
            .withIdentification(random.nextInt(1 << 16), random.nextBoolean())
            .withService(random.nextInt(256))
            .withFlags(random.nextInt(256))
            .withOptions(options)
            .bytes();
    return random.nextInt(4) == 0 ? withIpv4Options(plain, random) : plain;
  }

  private static byte[] withIpv4Options(byte[] plain, SplittableRandom random) {
    byte[] options = new byte[4 * random.nextInt(1, OPTIONS_WORDS + 1)];
    random.nextBytes(options);
    byte[] packet = new byte[plain.length + options.length];
    System.arraycopy(plain, 0, packet, 0, 20);
    System.arraycopy(options, 0, packet, 20, options.length);
    System.arraycopy(plain, 20, packet, 20 + options.length, plain.length - 20);
    packet[0] = (byte) (0x45 + options.length / 4);
    packet[2] = (byte) (packet.length >> 8);
    packet[3] = (byte) packet.length;
    return SlowSegments.withChecksums(packet);
  }

  /// The segments; between them the headroom is written over, as a tunnel does.
  private List<byte[]> cut(byte[] whole, int segmentBytes) {
    var segments = new ArrayList<byte[]>();
    Slab.write(at, whole, 0, whole.length);
    assertThat(cutter.begin(at, whole.length, segmentBytes)).isTrue();
    while (cutter.next()) {
      segments.add(Slab.copy(cutter.at(), cutter.length()));
      Slab.fill(cutter.at() - HEADROOM, HEADROOM + cutter.length(), 0xee);
    }
    return segments;
  }

  @Test
  void onlyTheLastSegmentEndsTheStreamAndOnlyTheFirstSaysThatTheWindowIsSmaller() {
    int flags = TcpPacket.ACK | TcpPacket.PSH | TcpPacket.FIN | TcpPacket.CWR;
    byte[] whole = TcpPacket.of(1, -5, new byte[25]).withFlags(flags).bytes();
    assertThat(cut(whole, 10).stream().map(segment -> segment[33] & 0xff))
        .containsExactly(
            TcpPacket.ACK | TcpPacket.CWR,
            TcpPacket.ACK,
            TcpPacket.ACK | TcpPacket.PSH | TcpPacket.FIN);
  }

  @ParameterizedTest
  @CsvSource({
    "no TCP, 9, 17",
    "no IPv4, 0, 0x65",
    "a header that is too short, 0, 0x44",
    "a header of TCP that is too short, 32, 0x40",
    "headers that are longer than the packet, 32, 0xf0",
    "a fragment, 6, 0x20",
    "another length, 3, 0"
  })
  void whatIsNoWholeTcpPacketCannotBeCut(String what, int place, String value) {
    byte[] packet = TcpPacket.of(1, 2, new byte[15]).bytes();
    packet[place] = Integer.decode(value).byteValue();
    Slab.write(at, packet, 0, packet.length);
    assertThat(cutter.begin(at, packet.length, 10)).as(what).isFalse();
  }

  @Test
  void whatHasNoPayloadOrNoSizeOfSegmentsCannotBeCut() {
    byte[] packet = TcpPacket.of(1, 2, new byte[0]).bytes();
    Slab.write(at, packet, 0, packet.length);
    assertThat(cutter.begin(at, packet.length, 10)).isFalse();
    byte[] other = TcpPacket.of(1, 2, new byte[15]).bytes();
    Slab.write(at, other, 0, other.length);
    assertThat(cutter.begin(at, other.length, 0)).isFalse();
    assertThat(cutter.begin(at, 20, 10)).isFalse();
  }
}
