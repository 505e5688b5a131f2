package watari.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import inet.ipaddr.IPAddressString;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4AddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "192.0.2.1", "127.255.255.255", "128.0.0.0", "255.255.255.255"})
  void printsWhatItRead(String text) {
    assertThat(Ipv4Address.parse(text)).hasToString(text);
  }

  @Test
  void holdsAddressesFrom128OnAsNegativeNumbers() {
    assertThat(Ipv4Address.parse("128.0.0.0").bits()).isEqualTo(Integer.MIN_VALUE);
    assertThat(Ipv4Address.parse("255.255.255.255").bits()).isEqualTo(-1);
    assertThat(Ipv4Address.parse("1.2.3.4").bits()).isEqualTo(0x01020304);
  }

  @Test
  void ordersAddressesAsUnsigned() {
    assertThat(Ipv4Address.parse("127.255.255.255"))
        .isLessThan(Ipv4Address.parse("128.0.0.0"))
        .isGreaterThan(Ipv4Address.parse("0.0.0.1"));
  }

  @Test
  void agreesWithAnotherLibraryOnRandomAddresses() {
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 20_000; i++) {
      var address = new Ipv4Address(random.nextInt());
      var oracle = new IPAddressString(address.toString()).getAddress().toIPv4();
      assertThat(oracle.intValue()).isEqualTo(address.bits());
      assertThat(oracle.toCanonicalString()).isEqualTo(address.toString());
      assertThat(Ipv4Address.parse(address.toString())).isEqualTo(address);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""          | '' is not an IPv4 address: it needs four numbers with dots, as in 192.0.2.1
          192.0.2     | '192.0.2' is not an IPv4 address: it needs four numbers with dots, as in 192.0.2.1
          192.0.2.1.5 | '192.0.2.1.5' is not an IPv4 address: '1.5' is not a number from 0 to 255
          192.0.2.256 | '192.0.2.256' is not an IPv4 address: '256' is not a number from 0 to 255
          192.0.2.-1  | '192.0.2.-1' is not an IPv4 address: '-1' is not a number from 0 to 255
          192.0..1    | '192.0..1' is not an IPv4 address: '' is not a number from 0 to 255
          192.0.2.1.  | '192.0.2.1.' is not an IPv4 address: '1.' is not a number from 0 to 255
          192.0.2.x   | '192.0.2.x' is not an IPv4 address: 'x' is not a number from 0 to 255
          192.0.2.١   | '192.0.2.١' is not an IPv4 address: '١' is not a number from 0 to 255
          192.0.2.010 | '192.0.2.010' is not an IPv4 address: '010' is not a number from 0 to 255 without a leading zero
          192.0.2.9999999999 | '192.0.2.9999999999' is not an IPv4 address: '9999999999' is not a number from 0 to 255
          """)
  void refusesOtherTextsInOneSentence(String text, String sentence) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> Ipv4Address.parse(text))
        .withMessage(sentence)
        .satisfies(refused -> assertThat(refused.sentence()).isEqualTo(sentence));
  }
}
