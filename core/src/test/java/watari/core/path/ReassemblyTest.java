package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Seed;
import watari.core.path.SlowReassembly.Piece;
import watari.core.path.SlowReassembly.Result;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.wire.Outer;
import watari.core.wire.Packet;
import watari.core.wire.Slab;
import watari.core.wire.SlowChecksum;

/// The two reassemblies against a slow twin, and what a flood does to them.
final class ReassemblyTest {
  private static final int PIECES = Integer.getInteger("fuzz.fragments", 200_000);
  private static final int ROOM = 66_000;
  private static final int PROTOCOL = 253;
  private static final int LEAST = 8;

  private final SplittableRandom random = Seed.random();
  private final long room = Slab.take(ROOM);
  private final Tally tally = new Tally();
  private final FragmentMemory memory = new FragmentMemory(FragmentSettings.DEFAULT.memoryBytes());
  private final Reassembly inner =
      Reassembly.ofInner(memory, tally, new Randomness(1, 2), Reassembly.Late.UNSAID);
  private final Reassembly outer =
      Reassembly.ofOuter(memory, tally, new Randomness(3, 4), Reassembly.Late.UNSAID);
  private final Packet packet = new Packet();
  private final Outer view = new Outer();
  private long now;

  @AfterEach
  void giveBack() {
    inner.close();
    outer.close();
    Slab.give(room, ROOM);
  }

  /// A fragment on its way to the test.
  private record Sent(int source, int id, Piece piece) {
    String key() {
      return source + " " + id;
    }
  }

  /// FRG-06, FRG-07, FRG-12, FRG-14, FRG-16, UDP-22
  @Test
  void innerPacketsComeOutAsTheSlowTwinSays() {
    var slow = new SlowReassembly(30_000);
    compare(slow, this::ofInner);
    inner.age(now + 30_000);
    assertThat(memory.freeBlocks()).as("all memory is given back").isEqualTo(memory.blocks());
  }

  /// FRG-01, FRG-06, FRG-07, FRG-11, FRG-16
  @Test
  void outerPacketsComeOutAsTheSlowTwinSays() {
    var slow = new SlowReassembly(60_000);
    compare(slow, this::ofOuter);
    outer.age(now + 60_000);
    assertThat(memory.freeBlocks()).as("all memory is given back").isEqualTo(memory.blocks());
  }

  @FunctionalInterface
  private interface Way {
    Result add(Sent sent);
  }

  private void compare(SlowReassembly slow, Way way) {
    var underway = new ArrayList<Sent>();
    int whole = 0;
    for (int i = 0; i < PIECES; i++) {
      if (underway.size() < 40) {
        underway.addAll(pieces());
        Collections.shuffle(underway.subList(0, underway.size() / 2), random);
      }
      Sent sent = underway.remove(random.nextInt(3) == 0 ? random.nextInt(underway.size()) : 0);
      now += random.nextInt(500) == 0 ? 20_000 : random.nextInt(50);
      Result expected = slow.add(sent.key(), sent.piece, LEAST, now);
      Result result = way.add(sent);
      assertThat(result.verdict()).as("piece %d: %s", i, sent).isEqualTo(expected.verdict());
      assertThat(result.payload()).as("piece %d: %s", i, sent).isEqualTo(expected.payload());
      whole += result.payload().length > 0 ? 1 : 0;
      if (random.nextInt(100) == 0) {
        inner.age(now);
        outer.age(now);
      }
    }
    assertThat(whole).as("packets that came together").isGreaterThan(PIECES / 100);
  }

  /// The pieces of one packet, in some order, some of them twice, changed, or with another border.
  private List<Sent> pieces() {
    int source = random.nextInt(3);
    int id = random.nextInt(6);
    var payload = new byte[random.nextInt(20) == 0 ? 65_000 : random.nextInt(1, 5000)];
    random.nextBytes(payload);
    int each = random.nextInt(1, payload.length / 8 + 2);
    var sent = new ArrayList<Sent>();
    int from = 0;
    while (from < payload.length && sent.size() < 70) {
      int to = Math.min(payload.length, from + 8 * random.nextInt(1, each + 1));
      var piece = new Piece(from, to < payload.length, Arrays.copyOfRange(payload, from, to));
      sent.add(new Sent(source, id, piece));
      if (random.nextInt(8) == 0) {
        sent.add(new Sent(source, id, piece));
      }
      if (random.nextInt(60) == 0) {
        sent.add(new Sent(source, id, odd(piece)));
      }
      from = to;
    }
    if (random.nextBoolean()) {
      Collections.shuffle(sent, random);
    }
    return sent;
  }

  private Piece odd(Piece piece) {
    byte[] bytes = piece.bytes().clone();
    return switch (random.nextInt(6)) {
      case 0 -> new Piece(piece.offset() + 8, piece.more(), bytes);
      case 1 -> new Piece(Math.max(0, piece.offset() - 8), piece.more(), bytes);
      case 2 -> new Piece(piece.offset(), !piece.more(), bytes);
      case 3 -> new Piece(piece.offset(), piece.more(), Arrays.copyOf(bytes, bytes.length + 8));
      case 4 -> new Piece(65_528, piece.more(), bytes);
      default -> {
        bytes[random.nextInt(bytes.length)] ^= 1;
        yield new Piece(piece.offset(), piece.more(), bytes);
      }
    };
  }

  private Result ofInner(Sent sent) {
    byte[] bytes = ipv4(sent);
    Slab.write(room, bytes, 0, bytes.length);
    assertThat(packet.pull(room, bytes.length)).isTrue();
    if (!packet.isFragment()) {
      return alone(sent);
    }
    if (!inner.completes(packet, sent.source, now)) {
      return Result.of(inner.verdict());
    }
    byte[] whole = Slab.copy(packet.at(), packet.length());
    assertThat(SlowChecksum.problem(whole)).isEmpty();
    assertThat(ByteBuffer.wrap(whole).getShort(6)).as("flags and offset").isZero();
    return new Result(Pass.SENT, Arrays.copyOfRange(whole, 20, whole.length));
  }

  private Result ofOuter(Sent sent) {
    byte[] bytes = ipv6(sent);
    Slab.write(room, bytes, 0, bytes.length);
    assertThat(view.pull(room, bytes.length)).isTrue();
    if (!view.isFragment()) {
      return alone(sent);
    }
    if (!outer.completes(view, sent.source, now)) {
      return Result.of(outer.verdict());
    }
    assertThat(view.nextHeader()).isEqualTo(PROTOCOL);
    return new Result(Pass.SENT, Slab.copy(view.payload(), view.payloadLength()));
  }

  /// A packet of one piece is no fragment; it never comes to a reassembly, so the twin's word is
  /// repeated.
  private Result alone(Sent sent) {
    boolean isTiny = sent.piece.bytes().length < LEAST;
    return isTiny ? Result.of(Drop.FRAGMENT_TINY) : new Result(Pass.SENT, sent.piece.bytes());
  }

  private static byte[] ipv4(Sent sent) {
    var bytes = ByteBuffer.allocate(20 + sent.piece.bytes().length);
    bytes.put((byte) 0x45).put((byte) 0).putShort((short) bytes.capacity());
    int more = sent.piece.more() ? 0x2000 : 0;
    bytes.putShort((short) sent.id).putShort((short) (more | sent.piece.offset() / 8));
    bytes.put((byte) 64).put((byte) PROTOCOL).putShort((short) 0);
    bytes.putInt(0xc8000001 + sent.source).putInt(0xc0000212).put(sent.piece.bytes());
    bytes.putShort(10, (short) ~SlowChecksum.sum(bytes.array(), 0, 20, 0));
    return bytes.array();
  }

  private static byte[] ipv6(Sent sent) {
    var bytes = ByteBuffer.allocate(48 + sent.piece.bytes().length);
    bytes.putInt(6 << 28).putShort((short) (bytes.capacity() - 40)).put((byte) 44).put((byte) 64);
    bytes.putLong(0x20010db8ffff0000L).putLong(sent.source).putLong(0x20010db800123400L).putLong(1);
    int more = sent.piece.more() ? 1 : 0;
    bytes.put((byte) PROTOCOL).put((byte) 0).putShort((short) (sent.piece.offset() | more));
    return bytes.putInt(-sent.id).put(sent.piece.bytes()).array();
  }

  private static Sent half(int source, int id, boolean isFirst) {
    return new Sent(source, id, new Piece(isFirst ? 0 : 512, isFirst, new byte[512]));
  }

  /// UDP-23, MAPE-62: 50,000 halves of packets a second, from senders that are a new one each time,
  /// do not keep a packet in order from arriving, nor does one sender keep another's.
  @Test
  void aFloodOfHalvesHarmsNoPacketThatComesInOrder() {
    for (boolean isFirst : new boolean[] {true, false}) {
      for (boolean isOneSender : new boolean[] {true, false}) {
        int lost = 0;
        for (int second = 0; second < 5 * 1000; second++) {
          now++;
          assertThat(ofInner(half(1, second, true)).verdict()).isEqualTo(Pass.HELD);
          for (int i = 0; i < 50; i++) {
            ofInner(half(isOneSender ? 2 : random.nextInt(), random.nextInt(), isFirst));
          }
          now++;
          lost += ofInner(half(1, second, false)).verdict() == Pass.SENT ? 0 : 1;
          inner.age(now);
        }
        assertThat(lost).as("of 5000 packets").isZero();
        assertThat(inner.blocks()).isLessThanOrEqualTo(memory.blocks());
      }
    }
  }

  /// MAPE-62, TUN-32: what floods by one way takes nothing from what waits in another.
  @Test
  void theWayThatHoldsMostGivesWay() {
    for (int id = 0; id < 100; id++) {
      ofOuter(half(id, id, true));
    }
    for (int i = 0; i < 100_000; i++) {
      ofInner(half(random.nextInt(), random.nextInt(), true));
    }
    assertThat(memory.freeBlocks()).isZero();
    for (int id = 0; id < 100; id++) {
      assertThat(ofOuter(half(id, id, false)).verdict()).isEqualTo(Pass.SENT);
    }
    assertThat(tally.packets(Drop.FRAGMENT_MEMORY_FULL)).isEqualTo(100_000 - memory.blocks() + 100);
  }

  /// FRG-17, MAPE-62: tight is memory of which more than half is in use.
  @Test
  void waitsFifteenSecondsWhileMemoryIsTight() {
    int half = memory.blocks() / 2;
    fill(half, 1, true);
    now = 14_000;
    inner.age(now);
    fill(200, 2, true);
    now = 14_999;
    inner.age(now);
    assertThat(inner.blocks()).isEqualTo(half + 200);
    now = 15_000;
    inner.age(now);
    assertThat(inner.blocks()).as("until it is not tight any more").isEqualTo(half);
  }

  /// FRG-17, MAPE-62
  @Test
  void waitsTwoSecondsForAFirstFragmentWhileMemoryIsTight() {
    int half = memory.blocks() / 2;
    fill(half / 2, 1, true);
    fill(half - half / 2, 2, false);
    now = 1_500;
    fill(200, 3, true);
    now = 1_999;
    inner.age(now);
    assertThat(inner.blocks()).isEqualTo(half + 200);
    now = 2_000;
    inner.age(now);
    assertThat(inner.blocks()).as("until it is not tight any more").isEqualTo(half);
    for (int source = 0; source < half / 2; source++) {
      assertThat(ofInner(half(source, 1, false)).verdict()).isEqualTo(Pass.SENT);
    }
  }

  /// Halves of so many packets, each from somebody else.
  private void fill(int packets, int id, boolean isFirst) {
    for (int source = 0; source < packets; source++) {
      ofInner(half(source, id, isFirst));
    }
  }

  /// FRG-06, FRG-16: the packets that a first one ended cost a block each until their time is over.
  @Test
  void whatIsDeadTakesLittleAndStaysDead() {
    var large = new Sent(1, 1, new Piece(0, true, new byte[32_000]));
    ofInner(large);
    assertThat(inner.blocks()).isEqualTo(32);
    assertThat(ofInner(new Sent(1, 1, new Piece(8, true, new byte[8]))).verdict())
        .isEqualTo(Drop.FRAGMENT_OVERLAPPING);
    assertThat(inner.blocks()).isEqualTo(1);
    now = 29_999;
    inner.age(now);
    assertThat(ofInner(large).verdict()).isEqualTo(Drop.FRAGMENT_OVERLAPPING);
    now = 30_000;
    assertThat(ofInner(large).verdict()).isEqualTo(Pass.HELD);
    assertThat(tally.packets(Drop.FRAGMENT_TIMED_OUT)).as("it was counted already").isZero();
  }

  /// MAPE-62: the longest packet there can be fits into the share of one source, twice as many do
  /// not.
  @Test
  void theShareOfASourceHoldsTheLongestPacket() {
    for (int id = 0; id < 10; id++) {
      ofInner(new Sent(1, id, new Piece(0, true, new byte[32_768])));
      var end = new Sent(1, id, new Piece(32_768, false, new byte[32_747]));
      assertThat(ofInner(end).verdict()).isEqualTo(Pass.SENT);
      ofInner(new Sent(1, 100 + id, new Piece(0, true, new byte[65_512])));
    }
    assertThat(inner.blocks()).isLessThanOrEqualTo(memory.shareMax());
    assertThat(tally.packets(Drop.FRAGMENT_MEMORY_FULL)).isGreaterThanOrEqualTo(7);
  }
}
