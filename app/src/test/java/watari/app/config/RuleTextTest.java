package watari.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Ipv6Address;
import watari.core.rule.MapDomain;

final class RuleTextTest {

  private static MapDomain valid(String text) {
    return ((Checked.Valid<MapDomain>) RuleText.parse(text)).value();
  }

  @Test
  void readsARuleWithEveryKey() {
    MapDomain domain =
        valid(
            "ipv6=2001:db8:12:3400::/56 ipv4=192.0.2.18/32 ea=0 offset=4 layout=draft-03"
                + " relay=2001:db8:ffff::1 psid=0x34/8");
    assertThat(domain.relay()).isEqualTo(Ipv6Address.parse("2001:db8:ffff::1"));
    assertThat(domain.rules().getFirst().toString())
        .isEqualTo("2001:db8:12:3400::/56 192.0.2.18/32 ea=0 offset=4 psid=0x34/8 layout=draft-03");
  }

  /// MAPE-16
  @Test
  void takesTheDefaultsOfTheRfc() {
    assertThat(valid("ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16").rules().getFirst().toString())
        .isEqualTo("2001:db8::/40 192.0.2.0/24 ea=16 offset=6 layout=rfc7597");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ipv6=2001:db8::/40 ipv4=192.0.2.0/24       | --rule: the key 'ea' is missing",
        "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea    | --rule:1:38: 'ea' is not KEY=VALUE, as in ea=16",
        "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=x  | --rule:1:41: 'ea' is a number from 0 to 48, not text",
        "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=25 | --rule: 192.0.2.0/24 with 25 EA bits would make a PSID of 17",
        "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16 ofset=4 | --rule:1:44: a rule has no key 'ofset'; did you mean 'offset'?",
        "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16 psid=9/3 | --rule:1:49: 'psid': the PSID 9 does not fit into 3 bits",
        "ipv6=x ipv4=y ea=16                        | --rule:1:6: 'ipv6': 'x' is not an IPv6",
      })
  void saysWhatIsWrongAndWhere(String text, String expected) {
    assertThat(((Checked.Invalid<MapDomain>) RuleText.parse(text)).problems())
        .anySatisfy(problem -> assertThat(problem.toString()).startsWith(expected));
  }
}
