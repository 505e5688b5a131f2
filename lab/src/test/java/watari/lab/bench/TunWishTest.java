package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.net.Refused;

final class TunWishTest {
  @Test
  void refusesWhatIsNoOption() {
    assertThatThrownBy(() -> TunWish.parse(List.of("--rounds", "0"))).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> TunWish.parse(List.of("--json"))).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> TunWish.parse(List.of("--only", "sideways")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("gateway-out");
    assertThat(TunWish.parse(List.of("--only", "relay-up", "--rounds", "5")).only())
        .containsExactly(Direction.RELAY_UP);
  }

  @Test
  void givesTheJvmTheOptionsOfTheLauncherUnlessTold() {
    assertThat(TunWish.parse(List.of()).jvm()).isEqualTo(TunWish.JVM);
    assertThat(TunWish.parse(List.of("--jvm", "-XX:+UseSerialGC -Xmx64m")).jvm())
        .containsExactly("-XX:+UseSerialGC", "-Xmx64m");
  }
}
