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

final class PortPoolTest {
  private static final int PICKS = 100_000;

  /// Outside of every set here, one even and one odd.
  private static final int EVEN = 1000;

  private static final int ODD = 1001;

  private static PortPool pool(PortSet ports, long key) {
    return new PortPool(ports, new Randomness(key, 2));
  }

  private static Set<Integer> takeAll(PortPool pool, int count) {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < count; i++) {
      taken.add(pool.take(EVEN));
    }
    return taken;
  }

  /// Picks and gives back, so that all are free at every pick.
  private static int[] picks(PortPool pool) {
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
    PortPool pool = pool(Ports.RANGES_OF_16, 1);
    Set<Integer> taken = takeAll(pool, 240);
    assertThat(taken).hasSize(240).allMatch(Ports.RANGES_OF_16::contains);
    assertThat(pool.free()).isZero();
    assertThat(pool.take(EVEN)).isEqualTo(PortPool.NONE);
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

  /// PRT-04
  @Test
  void keepsAPortThatIsInTheSetAndFree() {
    PortPool pool = pool(Ports.RANGES_OF_16, 1);
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
    PortPool pool = pool(Ports.RANGES_OF_16, 1);
    for (int i = 0; i < 120; i++) {
      assertThat(pool.take(wanted) & 1).isEqualTo(wanted & 1);
    }
    for (int i = 0; i < 120; i++) {
      assertThat(pool.take(wanted) & 1).isNotEqualTo(wanted & 1);
    }
    assertThat(pool.take(wanted)).isEqualTo(PortPool.NONE);
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
    PortPool pool = pool(Ports.ONE, 1);
    for (int i = 0; i < 1000; i++) {
      assertThat(pool.take(i)).isEqualTo(5001);
      assertThat(pool.take(i)).isEqualTo(PortPool.NONE);
      pool.give(5001);
    }
  }

  /// MAPE-58
  @Test
  void keepsSystemPortsOutWhereAllPortsAreOurs() {
    PortPool pool = pool(PortSet.ALL, 1);
    assertThat(pool.free()).isEqualTo(65_536 - 1024);
    assertThat(pool.take(80)).isGreaterThanOrEqualTo(1024);
    assertThat(takeAll(pool, 65_536 - 1025)).hasSize(65_536 - 1025).allMatch(port -> port >= 1024);
    assertThat(pool.take(80)).isEqualTo(PortPool.NONE);
  }

  /// Port 0 is in a set of PSID offset 0, but nobody can be reached there.
  @Test
  void neverGivesPortZero() {
    PortPool pool = pool(Ports.FROM_ZERO, 1);
    assertThat(takeAll(pool, 15)).hasSize(15).doesNotContain(0);
    assertThat(pool.take(0)).isEqualTo(PortPool.NONE);
  }
}
