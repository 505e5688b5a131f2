package watari.core.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any text as an address or a prefix: refused in a sentence, or printed so that it is read again.
/// Underneath are [Ipv6Text], [PrefixLength] and [Decimal].
final class AddressTextFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "",
            ":",
            "192.0.2.18",
            "255.255.255.255/32",
            "0.0.0.0/0",
            "192.0.2.0/24",
            "::",
            "::ffff:192.0.2.18",
            "2001:db8:12:3400:0:c000:212:34",
            "2001:DB8::/40",
            "fe80::1%eth0",
            "::/0")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsAnAddressOrRefuses(byte[] input) {
    var text = new String(input, UTF_8);
    check(text, Ipv4Address::parse);
    check(text, Ipv4Prefix::parse);
    check(text, Ipv6Address::parse);
    check(text, Ipv6Prefix::parse);
  }

  private static void check(String text, Function<String, Object> parser) {
    try {
      Object value = parser.apply(text);
      assertThat(parser.apply(value.toString())).isEqualTo(value);
    } catch (Refused refused) {
      assertThat(refused.sentence()).isNotBlank();
    }
  }

  @Test
  void readsAnAddressOrRefusesNearTheSeeds() {
    Mutations.feed(seeds(), 100_000, this::readsAnAddressOrRefuses);
  }
}
