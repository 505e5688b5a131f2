package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Seed;
import watari.core.rule.PortAdvice.Ease;

final class PortAdviceTest {
  /// 15 ranges of 16, the first of them 4928 to 4943.
  private static final PortSet SHARED = new PortSet(4, new Psid(0x34, 8));

  @ParameterizedTest
  @CsvSource({
    "5555, ONE_DIGIT",
    "44444, ONE_DIGIT",
    "4567, STAIRS",
    "54321, STAIRS",
    "6000, THOUSANDS",
    "60000, THOUSANDS",
    "5656, ALTERNATING",
    "56565, ALTERNATING",
    "5500, HUNDREDS",
    "12300, HUNDREDS",
    "5665, MIRRORED",
    "12321, MIRRORED",
    "5566, PAIRS",
    "15566, PAIRS",
    "15550, TRIPLE",
    "61112, TRIPLE",
    "5470, TENS",
    "5471, NONE",
    "55660, TENS",
    "11355, NONE",
    "4568, NONE",
    "5679, NONE",
  })
  void knowsWhyANumberIsEasy(int port, Ease ease) {
    assertThat(Ease.of(port)).isEqualTo(ease);
  }

  /// APP-06, SHR-04
  @Test
  void offersTheNearestAndTheEasiestPortsOfTheSet() {
    PortAdvice advice = PortAdvice.of(SHARED, 443, _ -> true);
    assertThat(advice.nearest()).containsExactly(4928, 4929, 4930);
    assertThat(advice.easiest()).containsExactly(13131, 33600, 37700);
    assertThat(advice)
        .hasToString(
            "the nearest free ports of yours are 4928, 4929 and 4930, the easiest to remember are"
                + " 13131, 33600 and 37700");
  }

  @Test
  void goesBothWaysFromAPortBetweenTwoRanges() {
    assertThat(PortAdvice.of(SHARED, 4944, _ -> true).nearest()).containsExactly(4943, 4942, 4941);
    assertThat(PortAdvice.of(SHARED, 9023, _ -> true).nearest()).containsExactly(9024, 9025, 9026);
    assertThat(PortAdvice.of(SHARED, 65535, _ -> true).nearest())
        .containsExactly(62287, 62286, 62285);
  }

  @Test
  void offersNothingThatSomebodyHas() {
    PortAdvice advice = PortAdvice.of(SHARED, 443, port -> port != 4928 && port != 13131);
    assertThat(advice.nearest()).doesNotContain(4928).hasSize(3);
    assertThat(advice.easiest()).doesNotContain(13131).hasSize(3);
    assertThat(PortAdvice.of(SHARED, 443, port -> port == 4931))
        .hasToString("the nearest free ports of yours are 4931, the easiest to remember are 4931");
    assertThat(PortAdvice.of(SHARED, 443, _ -> false)).hasToString("no port of yours is free");
  }

  @Test
  void neverOffersPortZero() {
    var lowest = new PortSet(0, new Psid(0, 8));
    assertThat(PortAdvice.of(lowest, 0, _ -> true).nearest()).containsExactly(1, 2, 3);
  }

  /// The obvious way: walk outwards from the wish.
  @Test
  void agreesWithWalkingOutwards() {
    var random = Seed.random();
    for (int round = 0; round < 100; round++) {
      int offset = random.nextInt(0, 9);
      int length = random.nextInt(1, 8);
      var set = new PortSet(offset, new Psid(random.nextInt(1 << length), length));
      int wanted = random.nextInt(1 << 16);
      int salt = random.nextInt(2, 9);
      assertThat(PortAdvice.of(set, wanted, port -> port % salt != 0).nearest())
          .as("%s of %s", wanted, set)
          .isEqualTo(outwards(set, wanted, salt));
    }
  }

  private static List<Integer> outwards(PortSet set, int wanted, int salt) {
    var found = new ArrayList<Integer>();
    for (int distance = 0; found.size() < 3; distance++) {
      for (int port : distance == 0 ? new int[] {wanted} : sides(wanted, distance)) {
        if (port > 0 && port < 1 << 16 && set.contains(port) && port % salt != 0) {
          found.add(port);
        }
      }
    }
    return found.subList(0, 3);
  }

  private static int[] sides(int wanted, int distance) {
    return new int[] {wanted - distance, wanted + distance};
  }

  @Test
  void nothingEasierIsLeftOut() {
    List<Integer> easiest = PortAdvice.of(SHARED, 1, _ -> true).easiest();
    var best = new ArrayList<Integer>();
    for (int index = 0; index < SHARED.size(); index++) {
      best.add(SHARED.port(index));
    }
    best.sort(Comparator.comparing(Ease::of));
    assertThat(easiest.stream().map(Ease::of))
        .isEqualTo(best.stream().limit(3).map(Ease::of).toList());
  }
}
