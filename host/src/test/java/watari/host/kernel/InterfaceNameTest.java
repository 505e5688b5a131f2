package watari.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Refused;

final class InterfaceNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"lo", "watari0", "eth0.100", "exactlyfifteen_"})
  void takesWhatTheKernelTakes(String name) {
    assertThat(new InterfaceName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a b", "tun%d", "a:1", "a\tb", "a\u0000b"})
  void refusesWhatTheKernelDoesNotTakeAsAName(String name) {
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new InterfaceName(name));
  }

  @Test
  void saysHowLongANameMayBe() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new InterfaceName("watari-gateway-1"))
        .withMessageContaining("has 16 bytes, the kernel takes at most 15");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new InterfaceName("渡り渡り渡り"))
        .withMessageContaining("has 18 bytes");
  }
}
