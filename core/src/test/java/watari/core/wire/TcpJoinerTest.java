package watari.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.net.Seed;

final class TcpJoinerTest {
  private static final int FRAME = 65535;
  private static final int FLOWS = 12;

  /// A packet that left.
  private static final class Left {
    private final byte[] bytes;
    private final int segmentBytes;

    Left(byte[] bytes, int segmentBytes) {
      this.bytes = bytes;
      this.segmentBytes = segmentBytes;
    }

    byte[] bytes() {
      return bytes;
    }

    int segmentBytes() {
      return segmentBytes;
    }

    /// What arrives in the end: the packet, or its segments when a card has cut it.
    List<byte[]> segments() {
      return segmentBytes == 0 ? List.of(bytes) : SlowSegments.of(bytes, segmentBytes);
    }
  }

  private final List<Left> left = new ArrayList<>();
  private final TcpJoiner joiner = new TcpJoiner(this::leave);
  private final long frame = Slab.take(FRAME);
  private boolean isTaken = true;

  private boolean leave(long at, int length, int segmentBytes) {
    byte[] bytes = Slab.copy(at, length);
    if (segmentBytes > 0) {
      assertThat(SlowChecksum.sum(bytes, 0, 20, 0)).isEqualTo(0xffff);
      assertThat(ByteBuffer.wrap(bytes).getShort(36))
          .isEqualTo((short) SlowSegments.pseudoHeader(bytes));
    }
    left.add(new Left(bytes, segmentBytes));
    return isTaken;
  }

  @AfterEach
  void close() {
    joiner.close();
    Slab.give(frame, FRAME);
  }

  private boolean send(byte[] packet) {
    Slab.write(frame, packet, 0, packet.length);
    boolean isSent = joiner.send(frame, packet.length);
    Slab.fill(frame, packet.length, 0xee); // the bytes are ours again
    return isSent;
  }

  private List<Integer> flush(TcpPacket... packets) {
    Stream.of(packets).map(TcpPacket::bytes).forEach(this::send);
    joiner.flush();
    return left.stream().map(one -> one.segments().size()).toList();
  }

  @Test
  void whatWasJoinedAndIsCutAgainIsWhatWasSentInTheSameOrder() {
    var random = Seed.random();
    var sent = new TreeMap<Integer, List<String>>();
    var flows = new TcpPacket[FLOWS];
    Arrays.setAll(flows, flow -> TcpPacket.of(flow, random.nextInt(), payload(random, 100)));
    for (int i = 0; i < 60_000; i++) {
      int flow = random.nextInt(random.nextBoolean() ? 3 : FLOWS);
      byte[] packet = mangled(flows[flow], random);
      send(packet);
      sent.computeIfAbsent(flow, _ -> new ArrayList<>()).add(text(packet));
      flows[flow] = following(flows[flow], random);
      if (random.nextInt(32) == 0) {
        joiner.flush();
      }
    }
    joiner.flush();
    assertThat(arrived()).isEqualTo(sent);
    assertThat(left.stream().filter(one -> one.segments().size() > 1)).hasSizeGreaterThan(1000);
  }

  /// The next packet of a flow: mostly one that can be joined, sometimes different in something.
  private static TcpPacket following(TcpPacket last, SplittableRandom random) {
    int size = random.nextInt(5) == 0 ? random.nextInt(300) : last.payloadLength();
    var next = last.next(payload(random, size));
    return switch (random.nextInt(40)) {
      case 0 -> next.withFlags(random.nextInt(256));
      case 1 -> next.withFlags(TcpPacket.ACK | TcpPacket.PSH);
      case 2 -> next.withService(random.nextInt(4));
      case 3 -> next.withIdentification(random.nextInt(1 << 16), random.nextBoolean());
      case 4 -> next.withTimeToLive(random.nextInt(60, 64));
      case 5 -> next.withAcknowledged(random.nextInt());
      case 6 -> next.withWindow(random.nextInt(1 << 16));
      case 7 -> next.withUrgent(random.nextInt(2));
      case 8 -> next.withOptions(payload(random, 4 * random.nextInt(11)));
      case 9 -> next.withAcknowledged(next.acknowledged() + 1);
      case 10 -> last;
      default -> next;
    };
  }

  /// Sometimes with a bit turned over behind the addresses and ports, so that it is the same flow.
  private static byte[] mangled(TcpPacket packet, SplittableRandom random) {
    byte[] bytes = packet.bytes();
    if (random.nextInt(50) == 0 && bytes.length > 40) {
      bytes[random.nextInt(24, bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] payload(SplittableRandom random, int bytes) {
    byte[] payload = new byte[bytes];
    random.nextBytes(payload);
    return payload;
  }

  private Map<Integer, List<String>> arrived() {
    var arrived = new TreeMap<Integer, List<String>>();
    for (var one : left) {
      for (var packet : one.segments()) {
        int flow = packet[15];
        arrived.computeIfAbsent(flow, _ -> new ArrayList<>()).add(text(packet));
      }
    }
    return arrived;
  }

  /// A packet to compare: where Don't Fragment is said, its identification means nothing.
  private static String text(byte[] packet) {
    byte[] bytes = packet.clone();
    if ((bytes[6] & 0x40) != 0) {
      Arrays.fill(bytes, 4, 6, (byte) 0);
      Arrays.fill(bytes, 10, 12, (byte) 0);
    }
    return Arrays.toString(bytes);
  }

  @Test
  void aStreamLeavesInOnePiece() {
    var packets = new TcpPacket[40];
    Arrays.setAll(packets, i -> TcpPacket.of(1, -3000 + i * 1400, new byte[1400]));
    assertThat(flush(packets)).containsExactly(40);
    assertThat(left.getFirst().segmentBytes()).isEqualTo(1400);
  }

  @Test
  void aPieceIsNeverLongerThanAnIpv4Packet() {
    var packets = new TcpPacket[50];
    Arrays.setAll(packets, i -> TcpPacket.of(1, i * 1400, new byte[1400]));
    assertThat(flush(packets)).containsExactly(46, 4);
  }

  @Test
  void flowsThatAlternateAreJoinedEach() {
    assertThat(
            flush(
                TcpPacket.of(1, 0, new byte[10]),
                TcpPacket.of(2, 0, new byte[10]),
                TcpPacket.of(1, 10, new byte[10]),
                TcpPacket.of(2, 10, new byte[10])))
        .containsExactly(2, 2);
  }

  @Test
  void aSegmentOnItsOwnLeavesAsItCame() {
    byte[] packet = TcpPacket.of(1, 0, new byte[10]).bytes();
    send(packet);
    assertThat(left).isEmpty();
    joiner.flush();
    assertThat(left).singleElement().matches(one -> one.segmentBytes() == 0);
    assertThat(left.getFirst().bytes()).isEqualTo(packet);
  }

  @Test
  void aShorterSegmentAndAPushAreTheLastOfAPiece() {
    assertThat(
            flush(
                TcpPacket.of(1, 0, new byte[10]),
                TcpPacket.of(1, 10, new byte[9]),
                TcpPacket.of(1, 19, new byte[10]),
                TcpPacket.of(1, 29, new byte[10]).withFlags(TcpPacket.ACK | TcpPacket.PSH),
                TcpPacket.of(1, 39, new byte[10])))
        .containsExactly(2, 2, 1);
  }

  static Stream<TcpPacket> others() {
    var next = TcpPacket.of(1, 10, new byte[10]);
    return Stream.of(
        TcpPacket.of(1, 11, new byte[10]),
        TcpPacket.of(1, 9, new byte[10]),
        TcpPacket.of(1, 10, new byte[11]),
        TcpPacket.of(1, 10, new byte[0]),
        next.withFlags(TcpPacket.ACK | TcpPacket.FIN),
        next.withFlags(TcpPacket.ACK | 0x02),
        next.withFlags(TcpPacket.ACK | 0x04),
        next.withFlags(TcpPacket.ACK | 0x20),
        next.withFlags(TcpPacket.ACK | 0x40),
        next.withFlags(TcpPacket.ACK | TcpPacket.CWR),
        next.withFlags(0),
        next.withService(3),
        next.withService(4),
        next.withTimeToLive(63),
        next.withAcknowledged(10),
        next.withWindow(501),
        next.withUrgent(1),
        next.withOptions(new byte[] {1, 1, 1, 1}),
        next.withIdentification(7, false));
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatDiffersLeavesBehindWhatIsHeldOfItsFlow(TcpPacket other) {
    assertThat(flush(TcpPacket.of(1, 0, new byte[10]), other)).containsExactly(1, 1);
    assertThat(left.getLast().bytes()).isEqualTo(other.bytes());
  }

  @Test
  void anIdentificationCountsWhereAPacketMayBeFragmented() {
    var first = TcpPacket.of(1, 0, new byte[10]).withIdentification(0xffff, false);
    var next = TcpPacket.of(1, 10, new byte[10]);
    assertThat(flush(first, next.withIdentification(0, false), next.withIdentification(1, false)))
        .containsExactly(2, 1);
  }

  @Test
  void aSegmentWithAWrongChecksumIsNotJoined() {
    byte[] wrong = TcpPacket.of(1, 10, new byte[10]).bytes();
    wrong[45] ^= 1;
    send(TcpPacket.of(1, 0, new byte[10]).bytes());
    send(wrong);
    assertThat(flush(TcpPacket.of(1, 20, new byte[10]))).containsExactly(1, 1, 1);
    assertThat(left.get(1).bytes()).isEqualTo(wrong);
  }

  @Test
  void aPacketWithIpv4OptionsLeavesBehindEverythingThatIsHeld() {
    byte[] packet = TcpPacket.of(3, 0, new byte[10]).bytes();
    packet[0] = 0x46;
    send(TcpPacket.of(1, 0, new byte[10]).bytes());
    send(packet);
    assertThat(left).hasSize(2);
    assertThat(left.getLast().bytes()).isEqualTo(packet);
  }

  @Test
  void whatIsNoTcpLeavesAtOnce() {
    byte[] packet = TcpPacket.of(1, 10, new byte[10]).bytes();
    packet[9] = 17;
    send(TcpPacket.of(1, 0, new byte[10]).bytes());
    assertThat(send(packet)).isTrue();
    assertThat(left).singleElement().matches(one -> Arrays.equals(one.bytes(), packet));
  }

  @Test
  void saysWhatWasNotTakenWhereItKnows() {
    isTaken = false;
    assertThat(send(TcpPacket.of(1, 0, new byte[10]).bytes())).isTrue();
    var push = TcpPacket.of(1, 10, new byte[10]).withFlags(TcpPacket.ACK | TcpPacket.PSH);
    assertThat(send(push.bytes())).isFalse();
    assertThat(send(TcpPacket.of(1, 20, new byte[0]).bytes())).isFalse();
  }

  @Test
  void aNewFlowFindsAPlaceWhenAllAreTaken() {
    var packets = new TcpPacket[FLOWS];
    Arrays.setAll(packets, flow -> TcpPacket.of(flow, 0, new byte[10]));
    assertThat(flush(packets)).hasSize(FLOWS).containsOnly(1);
    assertThat(arrived()).hasSize(FLOWS);
  }
}
