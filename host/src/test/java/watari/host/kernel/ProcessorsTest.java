package watari.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"0; 1", "0-3; 4", "0,2-5; 6", "0-1,7; 8", "0-8191; 8192"})
  void theLastNumberSaysHowManyPlacesThereAre(String list, int places) throws KernelException {
    assertThat(Processors.places(list + "\n")).isEqualTo(places);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "0-", "0-8192", "0-99999", "all"})
  void refusesWhatTheKernelDoesNotSay(String list) {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Processors.places(list))
        .matches(e -> e.is(Errno.EBADMSG));
  }

  @Test
  void thisMachineHasAsManyAsJavaSeesOrMore() throws KernelException {
    assertThat(Processors.possible(new Libc()))
        .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }
}
