package watari.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any bytes as a packet, whole and quoted, printed, cut and joined: what is said to be there lies
/// within the bytes, and cutting gives back the payload.
final class WireFuzzTest {
  private static final int BYTES_MAX = 65_600;
  private static final int HEADROOM = 64;
  private static final int GUARD = 64;
  private static final int GUARD_BYTE = 0xa5;
  private static final long ROOM = Slab.take(HEADROOM + BYTES_MAX + GUARD) + HEADROOM;

  static Stream<byte[]> seeds() {
    return Stream.concat(
        Stream.of(new byte[0], new byte[] {0x45}),
        Stream.of(
                "IP 192.168.1.10.1232 > 1.2.3.4.80, options 94040000: UDP, data 11",
                "IP 192.168.1.10.1233 > 1.2.3.4.80, DF: TCP [S], seq 1, options 01020405b4040200,"
                    + " data 0",
                "IP 192.168.1.11.40001 > 1.2.3.4.443: TCP [P.], seq 1, ack 1, data 333",
                "IP 192.168.1.10 > 1.2.3.4: ICMP echo request 8/0, id 1234, seq 1, data 9",
                "IP 9.9.9.9 > 192.0.2.18: ICMP unreachable 3/4, mtu 1400,"
                    + " {IP 192.0.2.18.1232 > 1.2.3.4.80, length 1500: UDP, data 11}",
                "IP6 2001:db8::1 > 2001:db8::2: options 040104010100:"
                    + " IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 11",
                "IP6 2001:db8::1 > 2001:db8::2: frag 0x88f416c6, offset 0:"
                    + " IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 11",
                "IP6 2001:db8::1 > 2001:db8::2, tc 0x03: hop-by-hop 010400000000:"
                    + " ICMP6 echo request 128/0, id 7, seq 1, data 13")
            .map(PacketText::bytes));
  }

  @MethodSource("seeds")
  @FuzzTest
  void takesAnyPacketApart(byte[] input) {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, BYTES_MAX));
    Slab.write(ROOM, bytes, 0, bytes.length);
    assertThat(Dump.of(ROOM, bytes.length)).isNotBlank();
    checkPacket(bytes.length);
    checkOuter(bytes.length);
    assertThat(Slab.copy(ROOM, bytes.length)).as("nothing was written").isEqualTo(bytes);
    finish(bytes);
    cut(bytes);
  }

  /// With a place for the checksum that the kernel may or may not mean; nothing behind the packet
  /// is written.
  private static void finish(byte[] bytes) {
    if (bytes.length < 4) {
      return;
    }
    int start = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    int place = bytes[1] & 0xff;
    Slab.fill(ROOM + bytes.length, GUARD, GUARD_BYTE);
    for (int from : new int[] {start, start % bytes.length, bytes.length - 1}) {
      boolean _ = Checksum.finish(ROOM, bytes.length, from, place);
    }
    for (int i = 0; i < GUARD; i++) {
      assertThat(Slab.byteAt(ROOM + bytes.length + i)).isEqualTo(GUARD_BYTE);
    }
    Slab.write(ROOM, bytes, 0, bytes.length);
  }

  private static void checkPacket(int available) {
    var packet = new Packet();
    if (packet.pull(ROOM, available)) {
      assertThat(packet.length()).isBetween(packet.headerLength(), available);
      long end = packet.transport() + packet.transportLength();
      assertThat(end).isLessThanOrEqualTo(ROOM + packet.length());
      boolean _ = packet.isTransportChecksumRight();
    } else {
      assertThat(packet.flaw()).isNotNull();
    }
    var quoted = new Packet();
    assertThat(quoted.pullQuoted(ROOM, available) || quoted.flaw() != null).isTrue();
  }

  private static void checkOuter(int available) {
    var outer = new Outer();
    if (outer.pull(ROOM, available)) {
      assertThat(outer.payload() + outer.payloadLength()).isLessThanOrEqualTo(ROOM + available);
      assertThat(outer.payloadLength()).isNotNegative();
    } else {
      assertThat(outer.flaw()).isNotNull();
    }
    var quoted = new Outer();
    assertThat(quoted.pullQuoted(ROOM, available) || quoted.flaw() != null).isTrue();
  }

  /// As a super-packet of the kernel; joined again, it is as long as it was.
  private static void cut(byte[] bytes) {
    var cutter = new TcpCutter();
    int segmentBytes = bytes.length == 0 ? 0 : bytes[bytes.length - 1] & 0xff;
    if (!cutter.begin(ROOM, bytes.length, segmentBytes)) {
      return;
    }
    int headers = Ipv4.headerLength(ROOM) + Tcp.headerLength(ROOM + Ipv4.headerLength(ROOM));
    int payload = 0;
    try (var joiner = new TcpJoiner((_, length, _) -> length <= BYTES_MAX)) {
      while (cutter.next()) {
        payload += cutter.length() - headers;
        assertThat(joiner.send(cutter.at(), cutter.length())).isTrue();
      }
      joiner.flush();
    }
    assertThat(payload).isEqualTo(bytes.length - headers);
  }

  @Test
  void takesAnyPacketNearTheSeedsApart() {
    Mutations.feed(seeds(), 100_000, this::takesAnyPacketApart);
  }
}
