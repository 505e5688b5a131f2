package watari.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Seed;

/// The bytes of packets against figures of the RFCs and against slow twins.
final class WireTest {
  private static final int BYTES_MAX = 2048;

  private static final long AT = Slab.take(BYTES_MAX);

  private int put(byte[] bytes) {
    Slab.write(AT, bytes, 0, bytes.length);
    return bytes.length;
  }

  /// The example of RFC 1071 §3.
  @Test
  void addsUpTheExampleOfTheRfc() {
    int bytes = put(HexFormat.of().parseHex("0001f203f4f5f6f7"));
    assertThat(Checksum.fold(Checksum.sum(AT, bytes))).isEqualTo(0xddf2);
    assertThat(Checksum.of(Checksum.sum(AT, bytes))).isEqualTo(0x220d);
  }

  /// UDP-31: the examples of RFC 1624 §4.
  @Test
  void updatesTheExampleOfTheRfcToZeroAndNotToItsNegative() {
    assertThat(Checksum.update(0xdd2f, Checksum.change(0x5555, 0x3285))).isZero();
  }

  /// UDP-31
  @Test
  void updatesLikeACountFromTheStart() {
    var random = Seed.random();
    for (int i = 0; i < 1_000_000; i++) {
      int length = 20 + 2 * random.nextInt(20);
      var bytes = new byte[length];
      random.nextBytes(bytes);
      int place = 4 * random.nextInt(length / 4);
      if (random.nextInt(4) == 0) {
        ByteBuffer.wrap(bytes).putInt(place, random.nextBoolean() ? 0 : -1);
      }
      int before = Checksum.of(SlowChecksum.sum(bytes, 0, length, 0));
      int from = ByteBuffer.wrap(bytes).getInt(place);
      int to = random.nextInt(4) == 0 ? -random.nextInt(2) : random.nextInt();
      ByteBuffer.wrap(bytes).putInt(place, to);
      int after = Checksum.of(SlowChecksum.sum(bytes, 0, length, 0));
      if (Checksum.update(before, Checksum.change(from, to)) != after) {
        fail("packet %d: %s", i, HexFormat.of().formatHex(bytes));
      }
    }
  }

  @Test
  void sumsLikeItsSlowTwin() {
    var random = Seed.random();
    for (int length = 0; length < 200; length++) {
      for (int round = 0; round < 20; round++) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        put(bytes);
        int slow = SlowChecksum.sum(bytes, 0, length, 0);
        assertThat(Checksum.fold(Checksum.sum(AT, length))).isEqualTo(slow);
      }
    }
  }

  /// ECN-02, ECN-03: RFC 6040 figure 4, with the inner header in the rows.
  @ParameterizedTest
  @CsvSource({"0,0,0,0,-1", "1,1,1,1,3", "2,2,1,2,3", "3,3,3,3,3"})
  void combinesMarksByTheTable(int inner, int zero, int one, int two, int congested) {
    assertThat(Ecn.combine(inner, Ecn.NOT_CAPABLE)).isEqualTo(zero);
    assertThat(Ecn.combine(inner, Ecn.CAPABLE_1)).isEqualTo(one);
    assertThat(Ecn.combine(inner, Ecn.CAPABLE_0)).isEqualTo(two);
    assertThat(Ecn.combine(inner, Ecn.CONGESTED)).isEqualTo(congested);
  }

  /// MAPE-02: RFC 7597 Appendix A, example 3, byte by byte.
  @Test
  void printsAndReadsTheExampleOfTheRfc() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "60000000001c0440"
                    + "20010db8001234000000c00002120034"
                    + "20010db8ffff00000000000000000001"
                    + "4500001c000000003f11b5b9c000021201020304"
                    + "04d00050000834a6");
    String line =
        "IP6 2001:db8:12:3400:0:c000:212:34 > 2001:db8:ffff::1, hlim 64, length 28:"
            + " IP 192.0.2.18.1232 > 1.2.3.4.80, ttl 63, length 28: UDP, data 0";
    assertThat(PacketText.bytes(line)).isEqualTo(bytes);
    assertThat(Dump.of(AT, put(bytes))).isEqualTo(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IP 1.2.3.4.80 > 192.0.2.18.1232, tos 0x89, ttl 1, id 65535, DF, length 28: UDP, data 0",
        "IP 1.2.3.4.80 > 192.0.2.18.1232, ttl 64, options 94040000, length 36: UDP, no sum, data 4"
            + " #c8333b19",
        "IP 1.2.3.4.80 > 192.0.2.18.1232, ttl 64, length 32, bad sum: UDP, bad sum, data 4"
            + " #c8333b19",
        "IP 1.2.3.4.80 > 192.0.2.18.1232, ttl 64, length 44:"
            + " TCP [FSRP.UEW], seq 4294967295, ack 2147483648, win 65535, mss 1460, data 0",
        "IP 1.2.3.4.80 > 192.0.2.18.1232, ttl 64, length 48:"
            + " TCP [S], seq 1, ack 0, win 1, options 01020405b4040200, bad sum, data 0",
        "IP 1.2.3.4 > 192.0.2.18, ttl 64, length 32: ICMP echo request 8/0, id 65535, seq 32768,"
            + " data 4 #c8333b19",
        "IP 1.2.3.4 > 192.0.2.18, ttl 64, length 56: ICMP unreachable 3/4, mtu 1400,"
            + " {IP 192.0.2.18.1233 > 1.2.3.4.80, ttl 64, length 1500: TCP, seq 1, cut 8}",
        "IP 1.2.3.4 > 192.0.2.18, ttl 64, id 7, offset 1000, more, length 28:"
            + " proto 17, data 8 #aa3b48ed",
        "IP6 2001:db8::1 > 2001:db8::2, tc 0x03, flow 0xfffff, hlim 255, length 12:"
            + " frag 0x88f416c6, offset 1232, more: proto 4, data 4 #c8333b19",
        "IP6 2001:db8::1 > 2001:db8::2, hlim 1, length 24: options 040104010100:"
            + " hop-by-hop 010400000000: ICMP6 echo reply 129/0, id 1, seq 2, data 0",
        "IP6 2001:db8::1 > 2001:db8::2, hlim 1, length 48: ICMP6 too big 2/0, mtu 1280,"
            + " {IP6 2001:db8::1 > 2001:db8::2, hlim 64, length 0: proto 59, data 0}"
      })
  void printsWhatItReads(String line) {
    assertThat(Dump.of(AT, put(PacketText.bytes(line)))).isEqualTo(line);
  }

  @Test
  void printsAnyBytesWithoutFailing() {
    var random = Seed.random();
    for (int i = 0; i < 200_000; i++) {
      var bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      if (bytes.length > 9) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x40 | random.nextInt(16) : 0x60);
        bytes[6] = (byte) new int[] {0, 4, 44, 58, 60, 17}[random.nextInt(6)];
        bytes[9] = (byte) new int[] {1, 6, 17, 47}[random.nextInt(4)];
      }
      assertThat(Dump.of(AT, put(bytes))).isNotEmpty();
    }
  }

  /// UDP-31: with a port chosen so that the sum comes out as zero.
  @Test
  void finishesAChecksumThatWasLeftToTheNetworkCard() {
    var random = Seed.random();
    for (int i = 0; i < 1000; i++) {
      byte[] packet = TcpPacket.of(1, i, new byte[random.nextInt(1000)]).bytes();
      Slab.write(AT, packet, 0, packet.length);
      Slab.putShort(AT + 36, SlowSegments.pseudoHeader(packet));
      assertThat(Checksum.finish(AT, packet.length, 20, 16)).isTrue();
      assertThat(Slab.copy(AT, packet.length)).isEqualTo(packet);
    }
    Slab.fill(AT, 28, 0xff);
    assertThat(Checksum.finish(AT, 28, 20, 6)).isTrue();
    assertThat(Slab.shortAt(AT + 26)).as("zero means none, so it is written so").isEqualTo(0xffff);
  }

  @Test
  void leavesAChecksumOutsideThePacketAlone() {
    Slab.fill(AT, 40, 0x11);
    assertThat(Checksum.finish(AT, 37, 20, 16)).isFalse();
    assertThat(Checksum.finish(AT, 30, 40, 0)).isFalse();
    assertThat(Slab.copy(AT, 40)).containsOnly(0x11);
  }

  @Test
  void writesAUdpChecksumThatComesOutAsZeroAsItsOtherForm() {
    var packet = new Packet();
    int zeros = 0;
    for (int port = 1; port < 65_536; port++) {
      int bytes = put(PacketText.bytes("IP 10.0.0.1.1 > 1.2.3.4.80: UDP, data 4"));
      assertThat(packet.pull(AT, bytes)).isTrue();
      packet.rewriteSource(0xc0000212, port);
      zeros += Slab.shortAt(AT + 26) == 0xffff ? 1 : 0;
      assertThat(Slab.shortAt(AT + 26)).isNotZero();
      if (port % 256 == 0 || Slab.shortAt(AT + 26) == 0xffff) {
        assertThat(SlowChecksum.problem(Slab.copy(AT, bytes))).isEmpty();
      }
    }
    assertThat(zeros).isOne();
  }

  /// TUN-30: at every place of an option list that a maximum segment size can have.
  @Test
  void clampsAtEvenAndOddPlacesWithARightChecksum() {
    for (int before = 0; before <= 36; before++) {
      for (int mss : new int[] {536, 1420, 1421, 1460, 0xffff}) {
        int rest = (40 - before - 4) % 4;
        String options = "01".repeat(before) + String.format("0204%04x", mss) + "00".repeat(rest);
        String line = "IP 1.2.3.4.1 > 5.6.7.8.2: TCP [S], options " + options + ", data 3";
        int bytes = put(PacketText.bytes(line));
        Tcp.clampMss(AT + 20, bytes - 20, 1420);
        assertThat(Slab.shortAt(AT + 40 + before + 2)).isEqualTo(Math.min(mss, 1420));
        assertThat(SlowChecksum.problem(Slab.copy(AT, bytes))).isEmpty();
      }
    }
  }

  /// TUN-01: with every checksum that a header can have.
  @Test
  void lowersTheTimeToLiveWithARightChecksum() {
    byte[] header = PacketText.bytes("IP 1.2.3.4.1 > 5.6.7.8.2, ttl 2: UDP, data 0");
    for (int id = 0; id < 65_536; id++) {
      var bytes = ByteBuffer.wrap(header.clone());
      bytes.put(8, (byte) (id % 255 + 1)).putShort(4, (short) id).putShort(10, (short) 0);
      bytes.putShort(10, (short) ~SlowChecksum.sum(bytes.array(), 0, 20, 0));
      put(bytes.array());
      Ipv4.lowerTimeToLive(AT);
      assertThat(Ipv4.timeToLive(AT)).isEqualTo(id % 255);
      assertThat(SlowChecksum.problem(Slab.copy(AT, header.length))).isEmpty();
    }
  }

  /// With every checksum that a header can have.
  @Test
  void raisesTheTimeToLiveWithARightChecksum() {
    byte[] header = PacketText.bytes("IP 1.2.3.4.1 > 5.6.7.8.2, ttl 2: UDP, data 0");
    for (int id = 0; id < 65_536; id++) {
      var bytes = ByteBuffer.wrap(header.clone());
      bytes.put(8, (byte) (id % 256)).putShort(4, (short) id).putShort(10, (short) 0);
      bytes.putShort(10, (short) ~SlowChecksum.sum(bytes.array(), 0, 20, 0));
      put(bytes.array());
      Ipv4.raiseTimeToLive(AT);
      assertThat(Ipv4.timeToLive(AT)).isEqualTo(Math.min(255, id % 256 + 1));
      assertThat(SlowChecksum.problem(Slab.copy(AT, header.length))).isEmpty();
    }
  }
}
