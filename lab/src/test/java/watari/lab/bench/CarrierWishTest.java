package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Refused;

final class CarrierWishTest {
  @ParameterizedTest
  @ValueSource(strings = {"--rounds 0", "--rounds many", "--json", "--sideways", "--only 4"})
  void refusesWhatIsNoOption(String arguments) {
    var words = List.of(arguments.split(" ", -1));
    assertThatThrownBy(() -> CarrierWish.parse(CarrierBench.USE, words))
        .isInstanceOf(Refused.class);
  }

  @Test
  void takesOptionsInAnyOrder() {
    var words = List.of("--quick", "--docs", "there", "--rounds", "9");
    var wish = CarrierWish.parse(CarrierBench.USE, words);
    assertThat(wish.isQuick()).isTrue();
    assertThat(wish.rounds()).isEqualTo(9);
    assertThat(wish.docs()).contains(Path.of("there"));
  }
}
