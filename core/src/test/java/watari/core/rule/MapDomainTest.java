package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

class MapDomainTest {
  private static final List<String> NESTED =
      List.of(
          "2001:db8::/32 198.18.0.0/16 24 4",
          "2001:db8:1200::/40 198.19.0.0/16 16 4",
          "2001:db8:1234::/48 198.51.100.0/24 8 4");

  /// MAPE-05: three nested rules in all six orders
  @ParameterizedTest
  @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
  void takesTheLongestRuleWhateverTheOrder(String order) {
    String[] rules = order.chars().mapToObj(c -> NESTED.get(c - '0')).toArray(String[]::new);
    MapDomain domain = RuleTexts.domain(rules);
    assertThat(basicRule(domain, "2001:db8:1234:5600::/56")).isEqualTo("2001:db8:1234::/48");
    assertThat(basicRule(domain, "2001:db8:12ff:5600::/56")).isEqualTo("2001:db8:1200::/40");
    assertThat(basicRule(domain, "2001:db8:ffff:5600::/56")).isEqualTo("2001:db8::/32");
    assertThat(basicRule(domain, "2001:db9::/56")).isEqualTo("none");
    assertThat(basicRule(domain, "2001:d00::/24")).isEqualTo("none");
  }

  private static String basicRule(MapDomain domain, String endUser) {
    return domain
        .basicRule(Ipv6Prefix.parse(endUser))
        .map(rule -> rule.ipv6().toString())
        .orElse("none");
  }

  /// MAPE-06
  @Test
  void refusesTwoRulesWithOneIpv6Prefix() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() ->
            RuleTexts.domain(
                "2001:db8::/40 192.0.2.0/24 16 6", "2001:db8::/40 198.51.100.0/24 16 6"))
        .withMessage(
            "the domain 'example' has two rules for 2001:db8::/40: 192.0.2.0/24 and"
                + " 198.51.100.0/24; an end-user prefix may match only one");
  }

  @Test
  void refusesADomainWithoutRules() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> RuleTexts.domain())
        .withMessage("the domain 'example' has no rule; it needs at least one");
  }

  /// V35, MAPE-05: published calculators take 240d:f:1xx to 240d:f:3xx for rules 1 to 3 and know
  /// nothing of 240d:f:88c; all of them are rule 0.
  @ParameterizedTest
  @CsvSource({
    "240d:f:100:100::/56,  240d:f::/36,      219.104.129.0/32,   0x1/8",
    "240d:f:200:100::/56,  240d:f::/36,      219.104.130.0/32,   0x1/8",
    "240d:f:300:ff00::/56, 240d:f::/36,      219.104.131.0/32,   0xff/8",
    "240d:f:88c:8100::/56, 240d:f::/36,      219.104.136.140/32, 0x81/8",
    "240d:f:a00:100::/56,  240d:f::/36,      219.104.138.0/32,   0x1/8",
    "240d:f:1100:100::/56, 240d:f:1000::/36, 219.104.145.0/32,   0x1/8",
    "240d:f:3fff:ff00::/56, 240d:f:3000::/36, 219.104.191.255/32, 0xff/8"
  })
  void findsTheRuleThatPublishedCalculatorsMiss(
      String endUser, String ipv6, String ipv4, String psid) {
    Ipv6Prefix prefix = Ipv6Prefix.parse(endUser);
    MapRule rule = nuro().basicRule(prefix).orElseThrow();
    assertThat(rule.ipv6()).hasToString(ipv6);
    assertThat(rule.identity(prefix).ipv4()).hasToString(ipv4);
    assertThat(rule.identity(prefix).ports().psid()).isEqualTo(Psid.parse(psid));
  }

  /// V35: predicted by others, never seen.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "240d:f:4000::/56",
        "240d:f:a000::/56",
        "240d:f:d000::/56",
        "240d:10::/56",
        "240d:1a::/56"
      })
  void knowsNoRuleWhereOthersOnlyPredictOne(String endUser) {
    assertThat(nuro().basicRule(Ipv6Prefix.parse(endUser))).isEmpty();
  }

  private static MapDomain nuro() {
    return RuleTexts.domain(
        "240d:f::/36 219.104.128.0/20 20 4 0/0 draft-03",
        "240d:f:1000::/36 219.104.144.0/20 20 4 0/0 draft-03",
        "240d:f:2000::/36 219.104.160.0/20 20 4 0/0 draft-03",
        "240d:f:3000::/36 219.104.176.0/20 20 4 0/0 draft-03");
  }
}
