package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Seed;

final class FragmentIdsTest {
  private static final int IDS = 10_000;

  /// FRG-09: with any key.
  @Test
  void noneComesAgainAndNoneSaysWhichIsNext() {
    var random = Seed.random();
    for (int key = 0; key < 20; key++) {
      var ids = new FragmentIds(new Randomness(random.nextLong(), random.nextLong()), Part.WHOLE);
      Set<Integer> seen = new HashSet<>();
      Set<Integer> steps = new HashSet<>();
      int run = 0;
      int longestRun = 0;
      int last = 0;
      for (int i = 0; i < IDS; i++) {
        int id = ids.next();
        seen.add(id);
        steps.add(id - last);
        run = Integer.compareUnsigned(id, last) > 0 ? run + 1 : 0;
        longestRun = Math.max(longestRun, run);
        last = id;
      }
      assertThat(seen).as("no repeat").hasSize(IDS);
      assertThat(steps).as("no pattern of steps").hasSizeGreaterThan(IDS * 99 / 100);
      assertThat(longestRun).as("no monotone run").isLessThan(16);
    }
  }

  /// FRG-09: nor do the numbers of one key say anything about those of another.
  @Test
  void everyKeyHasItsOwn() {
    var one = new FragmentIds(new Randomness(1, 2), Part.WHOLE);
    var other = new FragmentIds(new Randomness(1, 3), Part.WHOLE);
    int same = 0;
    for (int i = 0; i < IDS; i++) {
      same += one.next() == other.next() ? 1 : 0;
    }
    assertThat(same).isLessThan(3);
  }

  /// Two parts of a node cut packets to one target; there is no pair of them with one number.
  @Test
  void partsOfANodeNeverUseTheSameNumber() {
    int parts = 3;
    var seen = new HashSet<Integer>();
    for (int index = 0; index < parts; index++) {
      var ids = new FragmentIds(new Randomness(1, 2), new Part(index, parts, PathNews.UNSAID));
      for (int i = 0; i < 10_000; i++) {
        assertThat(seen.add(ids.next())).isTrue();
      }
    }
  }
}
