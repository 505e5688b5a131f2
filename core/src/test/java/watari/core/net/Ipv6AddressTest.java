package watari.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv6.IPv6Address;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6AddressTest {
  /// RFC 4291 §2.2, RFC 5952 §4
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ::,                                 ::
          ::1,                                ::1
          1::,                                1::
          0:0:0:0:0:0:0:0,                    ::
          2001:DB8:0:0:8:800:200C:417A,       2001:db8::8:800:200c:417a
          2001:0db8::0001,                    2001:db8::1
          2001:db8:0:1:1:1:1:1,               2001:db8:0:1:1:1:1:1
          2001:db8::1:1:1:1:1,                2001:db8:0:1:1:1:1:1
          2001:0:0:1:0:0:0:1,                 2001:0:0:1::1
          2001:db8:0:0:1:0:0:1,               2001:db8::1:0:0:1
          1:2:3:4:5:6:7::,                    1:2:3:4:5:6:7:0
          ::2:3:4:5:6:7:8,                    0:2:3:4:5:6:7:8
          0:0:3:4:5:6:0:0,                    ::3:4:5:6:0:0
          ::192.0.2.1,                        ::c000:201
          ::ffff:255.255.255.255,             ::ffff:ffff:ffff
          64:ff9b::192.0.2.33,                64:ff9b::c000:221
          1:2:3:4:5:6:1.2.3.4,                1:2:3:4:5:6:102:304
          ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
          """)
  void readsEveryFormAndPrintsTheCanonicalOne(String text, String canonical) {
    assertThat(Ipv6Address.parse(text)).hasToString(canonical);
    assertThat(Ipv6Address.parse(canonical)).isEqualTo(Ipv6Address.parse(text));
  }

  @Test
  void keepsBitsInNetworkOrder() {
    Ipv6Address address = Ipv6Address.parse("8000:0:0:1:8000::1");
    assertThat(address.high()).isEqualTo(0x8000_0000_0000_0001L);
    assertThat(address.low()).isEqualTo(0x8000_0000_0000_0001L);
    assertThat(new int[] {address.bit(0), address.bit(1), address.bit(63), address.bit(64)})
        .containsExactly(1, 0, 1, 1);
    assertThat(address.bit(65)).isZero();
    assertThat(address.bit(127)).isOne();
  }

  @Test
  void ordersAddressesAsUnsigned() {
    assertThat(Ipv6Address.parse("7fff::")).isLessThan(Ipv6Address.parse("8000::"));
    assertThat(Ipv6Address.parse("::7fff:0:0:0")).isLessThan(Ipv6Address.parse("::8000:0:0:0"));
    assertThat(Ipv6Address.UNSPECIFIED).isLessThan(Ipv6Address.parse("::1"));
  }

  /// RFC 5952 §4: the longest run of zeros, of two the first, never a single group.
  @Test
  void printsAsAnotherLibraryDoes() {
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 50_000; i++) {
      var address = new Ipv6Address(withZeros(random), withZeros(random));
      assertThat(address.toString()).isEqualTo(oracle(address).toCanonicalString());
    }
  }

  @Test
  void readsWhatAnotherLibraryPrints() {
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 20_000; i++) {
      var address = new Ipv6Address(withZeros(random), withZeros(random));
      IPv6Address oracle = oracle(address);
      assertThat(Ipv6Address.parse(oracle.toFullString())).isEqualTo(address);
      assertThat(Ipv6Address.parse(oracle.toNormalizedString())).isEqualTo(address);
      assertThat(Ipv6Address.parse(oracle.toMixedString())).isEqualTo(address);
    }
  }

  @Test
  void readsOrRefusesRandomTextAsAnotherLibraryDoes() {
    SplittableRandom random = Seed.random();
    String letters = "0123abcF::::..:g";
    int read = 0;
    for (int i = 0; i < 300_000; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(1, 22); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      read += readsAsTheOracle(text.toString()) ? 1 : 0;
    }
    assertThat(read).isPositive();
  }

  private static boolean readsAsTheOracle(String text) {
    Ipv6Address mine;
    try {
      mine = Ipv6Address.parse(text);
    } catch (Refused refused) {
      assertThat(refused.sentence()).startsWith("'" + text + "' is not an IPv6 address: ");
      return false;
    }
    var oracle = new IPAddressString(text).getAddress();
    assertThat(oracle).as(text).isNotNull();
    assertThat(oracle.toIPv6().getValue().longValue()).as(text).isEqualTo(mine.low());
    return true;
  }

  private static IPv6Address oracle(Ipv6Address address) {
    return new IPv6Address(
        BigInteger.valueOf(address.high())
            .shiftLeft(64)
            .or(new BigInteger(Long.toUnsignedString(address.low())))
            .and(BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE)));
  }

  private static long withZeros(SplittableRandom random) {
    long bits = 0;
    for (int group = 0; group < 4; group++) {
      int value = random.nextInt(3) == 0 ? random.nextInt(1 << 16) : random.nextInt(2);
      bits = bits << 16 | value;
    }
    return bits;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                  | it has no ':', unlike 2001:db8::1
          :                   | '' is not a group of one to four hexadecimal digits
          :::                 | '' is not a group of one to four hexadecimal digits
          1:::2               | '' is not a group of one to four hexadecimal digits
          :1::                | '' is not a group of one to four hexadecimal digits
          1:2:3               | it has 3 groups of 8; '::' stands for the missing ones
          1:2:3:4:5:6:7:8:9   | it has more than 8 groups
          1:2:3:4:5:6:7:8::   | '::' leaves no room for a group of zeros
          ::1:2:3:4:5:6:7:8   | '::' leaves no room for a group of zeros
          1:2:3:4:5:6:7:      | it ends with a single ':'
          1::2::3             | '::' may stand only once
          12345::             | '12345' is not a group of one to four hexadecimal digits
          g::                 | 'g' is not a hexadecimal digit
          fe80::1%eth0        | '1%eth0' is not a group of one to four hexadecimal digits
          ::１                | '１' is not a hexadecimal digit
          ::1.2.3             | it needs four numbers with dots, as in 192.0.2.1
          ::1.2.3.256         | '256' is not a number from 0 to 255
          1:2:3:4:5:6:7:1.2.3.4 | it has more than 8 groups
          1.2.3.4::           | '1.2.3.4' is not a group of one to four hexadecimal digits
          192.0.2.1           | it has no ':', unlike 2001:db8::1
          """)
  void refusesOtherTextsInOneSentence(String text, String why) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> Ipv6Address.parse(text))
        .withMessage("'" + text + "' is not an IPv6 address: " + why);
  }
}
