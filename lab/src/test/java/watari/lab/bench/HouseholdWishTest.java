package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Refused;
import watari.lab.bench.HouseholdWish.Part;

final class HouseholdWishTest {
  @Test
  void isAllPartsWhenNothingIsSaid() {
    assertThat(HouseholdWish.parse(List.of()))
        .isEqualTo(
            new HouseholdWish(
                Optional.empty(), Optional.empty(), 5, 2, EnumSet.allOf(Part.class), false));
  }

  @Test
  void isWhatTheOptionsSay() {
    var options = List.of("--rounds", "7", "--forks", "1", "--json", "x.json", "--only", "line");
    assertThat(HouseholdWish.parse(options))
        .isEqualTo(
            new HouseholdWish(
                Optional.of(Path.of("x.json")), Optional.empty(), 7, 1, Set.of(Part.LINE), false));
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds 0, '--rounds is a number from 1 to 99'",
    "--forks x, '--forks is a number from 1 to 99'",
    "--only nat, 'memory, sessions, line, live'",
    "--round 2, no option '--round'",
    "--json, no option with a value",
  })
  void refusesWhatItDoesNotKnow(String options, String why) {
    assertThatThrownBy(() -> HouseholdBench.run(List.of(options.split(" ")), _ -> {}))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(why);
  }
}
