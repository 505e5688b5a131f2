package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import watari.core.net.Refused;

final class CoresTest {
  @Test
  void readsAListOfCores() {
    assertThat(Cores.list("0-1")).containsExactly(0, 1);
    assertThat(Cores.list("3,8-10")).containsExactly(3, 8, 9, 10);
    assertThatThrownBy(() -> Cores.list("")).isInstanceOf(Refused.class);
  }

  @Test
  void writesACoreAsTheKernelReadsASet() {
    assertThat(Cores.mask(1)).isEqualTo("2");
    assertThat(Cores.mask(31)).isEqualTo("80000000");
    assertThat(Cores.mask(33)).isEqualTo("2,00000000");
  }
}
