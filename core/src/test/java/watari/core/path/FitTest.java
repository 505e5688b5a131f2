package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Seed;
import watari.core.wire.Ipv6;
import watari.core.wire.Slab;

final class FitTest {
  private static final int LENGTH_MAX = 65_575;
  private static final long ROOM = Slab.take(64 + LENGTH_MAX);

  /// FRG-10, TUN-12: of any size, for any MTU.
  @Test
  void cutsPiecesThatFitAndMeet() {
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 5000; i++) {
      int mtu = random.nextInt(1280, 1501);
      int payload = random.nextInt(10) == 0 ? random.nextInt(1, 65_536) : random.nextInt(1, 4000);
      var bytes = new byte[payload];
      random.nextBytes(bytes);
      List<byte[]> pieces = cut(bytes, mtu);
      assertThat(whole(pieces, mtu)).isEqualTo(bytes);
    }
  }

  private static List<byte[]> cut(byte[] payload, int mtu) {
    long at = ROOM + 64;
    Ipv6.write(at, 0x89, payload.length, 4, 64, 1, 2, 3, 4);
    Slab.write(at + Ipv6.HEADER, payload, 0, payload.length);
    var pieces = new ArrayList<byte[]>();
    new Fit(mtu, new Randomness(payload.length, mtu), Part.WHOLE)
        .cut(
            at,
            Ipv6.HEADER + payload.length,
            mtu,
            (from, length) -> pieces.add(Slab.copy(from, length)));
    return pieces;
  }

  /// Piece behind piece, checked one by one.
  private static byte[] whole(List<byte[]> pieces, int mtu) {
    var whole = ByteBuffer.allocate(65_536);
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < pieces.size(); i++) {
      byte[] piece = pieces.get(i);
      var bytes = ByteBuffer.wrap(piece);
      boolean isLast = i == pieces.size() - 1;
      assertThat(piece.length).isLessThanOrEqualTo(mtu);
      assertThat(bytes.getShort(4) & 0xffff).isEqualTo(piece.length - 40);
      assertThat(bytes.getShort(40) & 0xffff).as("next header").isEqualTo(4 << 8);
      assertThat(bytes.getShort(42) & 0xffff).isEqualTo(whole.position() | (isLast ? 0 : 1));
      assertThat(isLast || piece.length % 8 == 0).as("a multiple of eight").isTrue();
      ids.add(bytes.getInt(44));
      whole.put(piece, 48, piece.length - 48);
    }
    assertThat(ids).hasSize(1);
    return Arrays.copyOf(whole.array(), whole.position());
  }

  /// TUN-14, TUN-27, TUN-28
  @Test
  void believesALowerMtuForTenMinutes() {
    var fit = new Fit(1500, new Randomness(1, 2), Part.WHOLE);
    fit.lower(1, 2, 1279, 0);
    fit.lower(1, 2, 1501, 0);
    assertThat(fit.tunnelMtu(1, 2)).isEqualTo(1460);
    fit.lower(1, 2, 1400, 0);
    fit.lower(1, 2, 1450, 1);
    assertThat(fit.tunnelMtu(1, 2)).isEqualTo(1360);
    fit.lower(1, 2, 1280, 1000);
    assertThat(Fit.mss(fit.tunnelMtu(1, 2))).isEqualTo(1200);
    fit.age(600_999);
    assertThat(fit.pathMtu(1, 2)).isEqualTo(1280);
    fit.age(601_000);
    assertThat(fit.pathMtu(1, 2)).isEqualTo(1500);
    assertThat(fit.isLineAll()).isTrue();
  }

  /// TUN-14: what one far end's path carries says nothing about another's.
  @Test
  void knowsEachPathByItself() {
    var fit = new Fit(1500, new Randomness(1, 2), Part.WHOLE);
    fit.lower(1, 2, 1400, 0);
    fit.lower(1, 3, 1300, 5);
    assertThat(fit.pathMtu(1, 2)).isEqualTo(1400);
    assertThat(fit.pathMtu(1, 3)).isEqualTo(1300);
    assertThat(fit.pathMtu(2, 2)).isEqualTo(1500);
    fit.age(600_000);
    assertThat(fit.pathMtu(1, 2)).isEqualTo(1500);
    assertThat(fit.pathMtu(1, 3)).isEqualTo(1300);
  }

  /// TUN-14: a bounded table. Of many paths most of the newest are known, and all are forgotten.
  @Test
  void knowsSoManyPathsAndNoMore() {
    var fit = new Fit(1500, new Randomness(1, 2), Part.WHOLE);
    for (int far = 0; far < 100_000; far++) {
      fit.lower(far, 0, 1280, far);
    }
    int known = 0;
    for (int far = 0; far < 100_000; far++) {
      known += fit.pathMtu(far, 0) == 1280 ? 1 : 0;
    }
    assertThat(known).isEqualTo(1024);
    assertThat(fit.pathMtu(99_999, 0)).isEqualTo(1280);
    fit.age(700_000);
    assertThat(fit.isLineAll()).isTrue();
  }

  /// The others may have missed what was told before; what is not believed is not told.
  @Test
  void tellsTheOtherPartsEachTimeThatItBelievesAMessage() {
    var told = new ArrayList<String>();
    PathNews others = (high, low, mtu, now) -> told.add(high + " " + low + " " + mtu + " " + now);
    var fit = new Fit(1500, new Randomness(1, 2), new Part(0, 2, others));
    fit.lower(1, 2, 1400, 10);
    fit.lower(1, 2, 1400, 20);
    fit.lower(1, 2, 1450, 30);
    fit.lower(1, 2, 1279, 40);
    fit.lower(3, 4, 1500, 50);
    fit.hear(5, 6, 1300, 60);
    assertThat(told).containsExactly("1 2 1400 10", "1 2 1400 20");
    assertThat(fit.pathMtu(1, 2)).isEqualTo(1400);
    assertThat(fit.pathMtu(5, 6)).isEqualTo(1300);
  }
}
