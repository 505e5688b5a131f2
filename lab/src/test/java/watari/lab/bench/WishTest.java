package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Refused;

final class WishTest {

  @Test
  void isAllBenchmarksInFiveForksWhenNothingIsSaid() {
    assertThat(Wish.parse(List.of())).isEqualTo(new Wish(Optional.empty(), 5, ""));
  }

  @Test
  void isWhatTheOptionsSay() {
    assertThat(Wish.parse(List.of("--forks", "7", "--json", "x.json", "--only", "relay")))
        .isEqualTo(new Wish(Optional.of(Path.of("x.json")), 7, "Relay"));
  }

  @ParameterizedTest
  @CsvSource({
    "--forks 0, from 1 to 99",
    "--forks x, from 1 to 99",
    "--only nat, relay or gateway",
    "--fork 2, no option '--fork'",
    "--json, no option with a value",
  })
  void refusesWhatItDoesNotKnow(String options, String why) {
    assertThatThrownBy(() -> CoreBench.run(List.of(options.split(" "))))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(why);
  }
}
