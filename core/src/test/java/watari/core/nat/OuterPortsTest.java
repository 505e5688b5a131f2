package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.rule.PortSet;

final class OuterPortsTest {
  private static final int PICKS = 100_000;

  /// Outside of every set here, one even and one odd.
  private static final int EVEN = 1000;

  private static final int ODD = 1001;

  private static Pool pool(PortSet ports, long key) {
    return pool(ports, key, 0);
  }

  private static Pool pool(PortSet ports, long key, int holdSeconds) {
    var draft = new NatDraft(NatSettings.strict(ports, Timers.DEFAULT, 1));
    draft.holdSeconds = holdSeconds;
    return new Pool(new OuterPorts(ports, draft.settings(), new Randomness(key, 2)));
  }

  /// Ports as numbers; whoever takes one owns it.
  private record Pool(OuterPorts outer) {
    static final int NONE = 0;

    int take(int wanted) {
      int slot = outer.take(wanted, true);
      if (slot == OuterPorts.NONE) {
        return NONE;
      }
      outer.setOwner(slot, 1, 0);
      return outer.port(slot);
    }

    void give(int port) {
      give(port, 0);
    }

    void give(int port, long now) {
      outer.setOwner(outer.slot(port), OuterPorts.NONE, now);
    }

    int free() {
      return outer.free();
    }
  }

  private static Set<Integer> takeAll(Pool pool, int count) {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < count; i++) {
      taken.add(pool.take(EVEN));
    }
    return taken;
  }

  /// Picks and gives back, so that all are free at every pick.
  private static int[] picks(Pool pool) {
    var picks = new int[PICKS];
    for (int i = 0; i < PICKS; i++) {
      picks[i] = pool.take((i & 1) == 0 ? EVEN : ODD);
      pool.give(picks[i]);
    }
    return picks;
  }

  private static double chiSquare(IntStream numbers, int kinds) {
    var counts = new int[kinds];
    numbers.forEach(number -> counts[number]++);
    double expected = (double) Arrays.stream(counts).sum() / kinds;
    return Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }

  /// PRT-03, CGN-17: none of the 15 ranges is left out.
  @Test
  void givesEveryPortOfEveryRangeOnce() {
    Pool pool = pool(Ports.RANGES_OF_16, 1);
    Set<Integer> taken = takeAll(pool, 240);
    assertThat(taken).hasSize(240).allMatch(Ports.RANGES_OF_16::contains);
    assertThat(pool.free()).isZero();
    assertThat(pool.take(EVEN)).isEqualTo(Pool.NONE);
  }

  /// PRT-02: with 239 degrees of freedom 1 of 10,000 good generators exceeds 325.
  @Test
  void picksAllPortsAlike() {
    int[] picks = picks(pool(Ports.RANGES_OF_16, 1));
    assertThat(chiSquare(Arrays.stream(picks).map(Ports.RANGES_OF_16::index), 240)).isLessThan(325);
  }

  /// PRT-03: with 14 degrees of freedom 1 of 10,000 good generators exceeds 43.
  @Test
  void picksAllRangesAlike() {
    int[] picks = picks(pool(Ports.RANGES_OF_16, 1));
    assertThat(chiSquare(Arrays.stream(picks).map(port -> (port >> 12) - 1), 15)).isLessThan(43);
  }

  /// PRT-02: of each parity apart, the correlation of one pick with the next.
  @Test
  void saysNothingOfTheNextPick() {
    double[] even =
        Arrays.stream(picks(pool(Ports.RANGES_OF_16, 1)))
            .filter(port -> (port & 1) == 0)
            .mapToDouble(port -> Ports.RANGES_OF_16.index(port) - 119)
            .toArray();
    double product = 0;
    for (int i = 1; i < even.length; i++) {
      product += even[i] * even[i - 1];
    }
    double square = Arrays.stream(even).map(x -> x * x).sum();
    assertThat(product / square).isBetween(-0.02, 0.02);
  }

  /// PRT-02, PRT-06: two starts of the product, two orders.
  @Test
  void picksInAnotherOrderWithAnotherKey() {
    int[] one = picks(pool(Ports.RANGES_OF_16, 1));
    int[] other = picks(pool(Ports.RANGES_OF_16, 9));
    long equal = IntStream.range(0, PICKS).filter(i -> one[i] == other[i]).count();
    assertThat(equal).isBetween(PICKS / 240L, PICKS / 60L);
  }

  /// PRT-04, UDP-29
  @Test
  void keepsAPortThatIsInTheSetAndFree() {
    Pool pool = pool(Ports.RANGES_OF_16, 1);
    int wanted = Ports.RANGES_OF_16.port(100);
    assertThat(pool.take(wanted)).isEqualTo(wanted);
    int second = pool.take(wanted);
    assertThat(second).isNotEqualTo(wanted).matches(Ports.RANGES_OF_16::contains);
    pool.give(wanted);
    assertThat(pool.take(wanted)).isEqualTo(wanted);
  }

  /// UDP-05
  @ParameterizedTest
  @ValueSource(ints = {EVEN, ODD})
  void keepsParityWhileItCan(int wanted) {
    Pool pool = pool(Ports.RANGES_OF_16, 1);
    for (int i = 0; i < 120; i++) {
      assertThat(pool.take(wanted) & 1).isEqualTo(wanted & 1);
    }
    for (int i = 0; i < 120; i++) {
      assertThat(pool.take(wanted) & 1).isNotEqualTo(wanted & 1);
    }
    assertThat(pool.take(wanted)).isEqualTo(Pool.NONE);
  }

  /// UDP-04: a system port cannot be kept, since no shared set has one.
  @Test
  void mapsASystemPortIntoTheSet() {
    assertThat(pool(Ports.RANGES_OF_16, 1).take(500))
        .isEven()
        .matches(Ports.RANGES_OF_16::contains);
  }

  /// D-03
  @Test
  void givesTheOnlyPortAgainAndAgain() {
    Pool pool = pool(Ports.ONE, 1);
    for (int i = 0; i < 1000; i++) {
      assertThat(pool.take(i)).isEqualTo(5001);
      assertThat(pool.take(i)).isEqualTo(Pool.NONE);
      pool.give(5001);
    }
  }

  /// MAPE-58
  @Test
  void keepsSystemPortsOutWhereAllPortsAreOurs() {
    Pool pool = pool(PortSet.ALL, 1);
    assertThat(pool.free()).isEqualTo(65_536 - 1024);
    assertThat(pool.take(80)).isGreaterThanOrEqualTo(1024);
    assertThat(takeAll(pool, 65_536 - 1025)).hasSize(65_536 - 1025).allMatch(port -> port >= 1024);
    assertThat(pool.take(80)).isEqualTo(Pool.NONE);
  }

  /// Port 0 is in a set of PSID offset 0, but nobody can be reached there.
  @Test
  void neverGivesPortZero() {
    Pool pool = pool(Ports.FROM_ZERO, 1);
    assertThat(takeAll(pool, 15)).hasSize(15).doesNotContain(0);
    assertThat(pool.take(0)).isEqualTo(Pool.NONE);
  }

  /// CGN-08: while others are free, a port rests; but never more than a quarter do.
  @Test
  void letsAPortRestWhileOthersAreFree() {
    Pool pool = pool(Ports.RANGES_OF_16, 1, 120);
    int port = Ports.RANGES_OF_16.port(100);
    pool.take(port);
    pool.give(port, 0);
    pool.outer().age(119_999);
    assertThat(pool.free()).isEqualTo(239);
    assertThat(pool.outer().isFree(100)).isFalse();
    assertThat(pool.take(port)).isNotEqualTo(port);
    pool.outer().age(120_000);
    assertThat(pool.take(port)).isEqualTo(port);
  }

  /// CGN-08, PRT-05
  @Test
  void letsAQuarterRestAtTheMostAndTheLongestRestedGoesFirst() {
    Pool pool = pool(Ports.RANGES_OF_16, 1, 120);
    takeAll(pool, 240);
    for (int i = 0; i < 61; i++) {
      pool.give(Ports.RANGES_OF_16.port(i), i);
    }
    assertThat(pool.outer().held()).isEqualTo(60);
    assertThat(pool.free()).isEqualTo(1);
    assertThat(pool.take(EVEN)).isEqualTo(Ports.RANGES_OF_16.port(0));
    assertThat(pool.take(EVEN)).isEqualTo(Ports.RANGES_OF_16.port(1));
    assertThat(pool.outer().held()).isEqualTo(59);
  }

  /// CGN-08: without address-dependent filtering the hold is kept although nothing else is left.
  @Test
  void givesNoPortBeforeItsTimeWhereThatIsNotAllowed() {
    OuterPorts outer = pool(Ports.ONE, 1, 120).outer();
    assertThat(outer.held()).isZero();
    OuterPorts four = pool(new PortSet(0, new watari.core.rule.Psid(5, 14)), 1, 120).outer();
    for (int i = 0; i < 4; i++) {
      four.setOwner(four.take(EVEN, false), 1, 0);
    }
    four.setOwner(2, OuterPorts.NONE, 0);
    assertThat(four.take(EVEN, false)).isEqualTo(OuterPorts.NONE);
    assertThat(four.take(EVEN, true)).isEqualTo(2);
  }
}
