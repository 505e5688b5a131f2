package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Refused;

class PsidTest {
  @ParameterizedTest
  @CsvSource({
    "0x34/8, 52, 8",
    "52/8, 52, 8",
    "0XFF/8, 255, 8",
    "0/1, 0, 1",
    "0xffff/16, 65535, 16",
    "0/0, 0, 0",
    "0x00/4, 0, 4"
  })
  void readsDecimalAndHexadecimal(String text, int value, int length) {
    assertThat(Psid.parse(text)).isEqualTo(new Psid(value, length));
  }

  @Test
  void printsWhatItReads() {
    assertThat(new Psid(0x34, 8)).hasToString("0x34/8");
    assertThat(Psid.parse(new Psid(0xfedc, 16).toString())).isEqualTo(new Psid(0xfedc, 16));
  }

  /// 010 is 8 to some programs and 10 to others.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "52",
        "/8",
        "52/",
        "010/8",
        "-1/8",
        "+1/8",
        "#34/8",
        "34h/8",
        "0x/8",
        "0x12345/8",
        "1/8/8",
        "1/+8",
        "١/8",
        "99999999999/8"
      })
  void refusesOtherTextsInOneSentence(String text) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> Psid.parse(text))
        .withMessage(
            "'" + text + "' is not a PSID: it is a value and a length in bits, as in 0x34/8");
  }

  @Test
  void refusesValuesThatDoNotFit() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> Psid.parse("0x100/8"))
        .withMessage("the PSID 256 does not fit into 8 bits; it is a number from 0 to 255");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new Psid(-1, 8))
        .withMessage("the PSID -1 does not fit into 8 bits; it is a number from 0 to 255");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new Psid(0, 17))
        .withMessage("a PSID has 0 to 16 bits, not 17");
  }
}
