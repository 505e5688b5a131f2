package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import watari.core.net.Seed;

final class RandomnessTest {
  private static final int DRAWS = 100_000;

  /// The entry for eight bytes of the table `vectors_sip64` of the reference implementation: key 00
  /// 01 ... 0f, input 00 01 ... 07.
  @Test
  void isSipHash24() {
    var randomness = new Randomness(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertThat(randomness.sipHash(0x0706050403020100L)).isEqualTo(0x93f5f5799a932462L);
  }

  @Test
  void drawsTheHashesOfACounter() {
    var randomness = new Randomness(1, 2);
    long first = randomness.next();
    long second = randomness.next();
    assertThat(first).isEqualTo(randomness.sipHash(0));
    assertThat(second).isEqualTo(randomness.sipHash(1));
  }

  /// PRT-02, PRT-06
  @Test
  void isAnotherSequenceWithAnotherKey() {
    var one = new Randomness(1, 2);
    var other = new Randomness(1, 3);
    int equal = 0;
    for (int i = 0; i < DRAWS; i++) {
      equal += one.below(240) == other.below(240) ? 1 : 0;
    }
    assertThat(equal).isBetween(DRAWS / 240 / 2, DRAWS / 240 * 2);
  }

  @Test
  void staysBelowEveryBound() {
    var seed = Seed.random();
    var randomness = new Randomness(seed.nextLong(), seed.nextLong());
    for (int bound : new int[] {1, 2, 3, 240, 65_536, Integer.MAX_VALUE}) {
      for (int i = 0; i < 1000; i++) {
        assertThat(randomness.below(bound)).isBetween(0, bound - 1);
      }
    }
  }

  /// The correlation of a draw with the one before it.
  ///
  /// PRT-02
  @Test
  void saysNothingOfTheNextDraw() {
    var randomness = new Randomness(7, 8);
    double product = 0;
    double square = 0;
    double before = randomness.below(240) - 119.5;
    for (int i = 0; i < DRAWS; i++) {
      double drawn = randomness.below(240) - 119.5;
      product += before * drawn;
      square += drawn * drawn;
      before = drawn;
    }
    assertThat(product / square).isBetween(-0.02, 0.02);
  }
}
