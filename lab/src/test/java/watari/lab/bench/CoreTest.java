package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import watari.core.net.Refused;

final class CoreTest {
  @Test
  void readsAListOfCores() {
    assertThat(Core.list("0-1")).containsExactly(0, 1);
    assertThat(Core.list("3,8-10")).containsExactly(3, 8, 9, 10);
    assertThatThrownBy(() -> Core.list("")).isInstanceOf(Refused.class);
  }
}
