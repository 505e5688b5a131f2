package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import watari.core.net.Refused;
import watari.core.net.Seed;
import watari.core.rule.Finding.Kind;
import watari.core.rule.Finding.Severity;

class RuleLintTest {
  private static final String RELAY = "2001:db8:ffff::1";

  @Test
  void findsNothingInTheExampleOfTheRfc() {
    assertThat(lint("2001:db8::/40 192.0.2.0/24 16 6")).isEmpty();
  }

  /// MAPE-06
  @Test
  void findsTwoRulesWithOneIpv6Prefix() {
    assertThat(lint("2001:db8::/40 192.0.2.0/24 16 6", "2001:db8::/40 198.51.100.0/24 16 6"))
        .containsExactly(
            new Finding(
                Kind.SAME_IPV6,
                "line 2",
                "2001:db8::/40 is the prefix of another rule too (line 1); take one away",
                "2001:db8::/56 is 192.0.2.0 PSID 0x0/8 by line 1 and"
                    + " 198.51.100.0 PSID 0x0/8 by line 2"));
  }

  @Test
  void findsOneIpv6PrefixInAnother() {
    assertThat(lint("2001:db8:12::/48 198.51.100.0/24 8 6", "2001:db8::/40 192.0.2.0/24 16 6"))
        .containsExactly(
            new Finding(
                Kind.IPV6_OVERLAP,
                "line 1",
                "2001:db8:12::/48 lies in 2001:db8::/40 (line 2);"
                    + " an end-user prefix in both follows the longer rule",
                "2001:db8:12::/56 is 192.0.2.18 PSID 0x0/8 by line 2 and 198.51.100.0 by line 1"));
  }

  @Test
  void findsAPortWithTwoOwners() {
    assertThat(lint("2001:db8::/40 192.0.2.0/24 16 6", "2001:db8:100::/40 192.0.2.0/24 16 6"))
        .containsExactly(
            new Finding(
                Kind.SAME_IPV4,
                "line 2",
                "2001:db8:100::/40 and 2001:db8::/40 (line 1) both give out 192.0.2.0/24;"
                    + " a port can have only one owner",
                "192.0.2.0:1024 belongs to both 2001:db8::/56 and 2001:db8:100::/56"));
  }

  @Test
  void findsAnAddressInsideTheAddressesOfAnotherRule() {
    assertThat(
            lint("2001:db8::/40 192.0.2.0/24 16 6", "2001:db8:100::/56 192.0.2.18/32 0 6 0x34/8"))
        .containsExactly(
            new Finding(
                Kind.IPV4_OVERLAP,
                "line 2",
                "2001:db8:100::/56 and 2001:db8::/40 (line 1) both give out addresses of"
                    + " 192.0.2.18/32, one as part of 192.0.2.0/24; the longer one wins",
                "192.0.2.18:1232 belongs to both 2001:db8:12:3400::/56 and 2001:db8:100::/56"));
  }

  @Test
  void findsNoSecondOwnerWhereTwoRulesSayTheSame() {
    assertThat(
            kinds(
                "2001:db8::/40 192.0.2.0/24 16 6",
                "2001:db8:12:3400::/56 192.0.2.18/32 0 6 0x34/8"))
        .containsExactly(Kind.IPV6_OVERLAP);
    assertThat(kinds("2001:db8::/40 192.0.2.0/24 16 6", "2001:db8:12::/48 192.0.2.18/32 8 6"))
        .containsExactly(Kind.IPV6_OVERLAP);
    assertThat(kinds("2001:db8::/40 192.0.2.0/24 16 6", "2001:db8:13::/48 192.0.2.18/32 8 6"))
        .containsExactly(Kind.IPV6_OVERLAP, Kind.IPV4_OVERLAP);
  }

  @Test
  void findsOnePsidOfAnAddressGivenOutTwice() {
    assertThat(
            lint(
                "2001:db8::/56 192.0.2.18/32 0 6 0x1/1",
                "2001:db8:0:100::/56 192.0.2.18/32 0 6 0x0/1",
                "2001:db8:0:200::/56 192.0.2.18/32 0 6 0x0/1"))
        .containsExactly(
            new Finding(
                Kind.SAME_IPV4,
                "line 3",
                "2001:db8:0:200::/56 and 2001:db8:0:100::/56 (line 2) both give out"
                    + " 192.0.2.18/32 PSID 0x0/1; a port can have only one owner",
                "192.0.2.18:1024 belongs to both 2001:db8:0:100::/56 and 2001:db8:0:200::/56"));
  }

  @Test
  void letsEveryAddressHaveTheSamePsids() {
    assertThat(
            lint(
                "2001:db8::/56 192.0.2.18/32 0 6 0x0/1",
                "2001:db8:0:100::/56 192.0.2.18/32 0 6 0x1/1",
                "2001:db8:0:200::/56 192.0.2.19/32 0 6 0x0/1",
                "2001:db8:0:300::/56 192.0.2.19/32 0 6 0x1/1"))
        .isEmpty();
  }

  @Test
  void findsASecondOwnerWhereTwoRulesAgreeOnTheFirstAddressOnly() {
    assertThat(
            lint(
                "2001:db8::/40 192.0.2.0/24 16 6",
                "2001:db8:12:3400::/55 192.0.2.18/31 1 6 0x34/8"))
        .extracting(Finding::kind, Finding::example)
        .contains(
            tuple(
                Kind.IPV4_OVERLAP,
                "192.0.2.19:1232 belongs to both 2001:db8:13:3400::/56 and 2001:db8:12:3500::/56"));
  }

  /// MAPE-12, MAPE-13: also where an unshared rule stands between
  @Test
  void findsAddressesCutInTwoWays() {
    List<Finding> findings =
        lint(
            "2001:db8::/40 192.0.2.0/24 16 6",
            "2001:db8:100::/41 192.0.2.0/25 7 6",
            "2001:db8:200::/42 192.0.2.0/26 14 8");
    assertThat(findings)
        .contains(
            new Finding(
                Kind.DIFFERENT_CUT,
                "line 3",
                "2001:db8:200::/42 has offset 8 and PSID length 8, 2001:db8::/40 (line 1) has"
                    + " offset 6 and PSID length 8; all who share an address need the same"
                    + " (RFC 7597 section 5.1)",
                "192.0.2.0:1025 is PSID 0x1/8 by line 3 and PSID 0x0/8 by line 1"));
  }

  /// MAPE-15, LOG-04
  @Test
  void findsSystemPortsGivenToSubscribers() {
    assertThat(lint("2001:db8::/40 192.0.2.0/24 16 0", "2001:db8:100::/40 198.51.100.0/24 16 0"))
        .containsExactly(
            new Finding(
                Kind.SYSTEM_PORTS,
                "line 1",
                "offset 0 gives system ports from 0 to 1023 to subscribers; leave out the low"
                    + " PSIDs (RFC 7422 section 2)",
                "192.0.2.0:80 belongs to 2001:db8::/56"));
    assertThat(lint("2001:db8::/40 192.0.2.0/24 16 8"))
        .containsExactly(
            new Finding(
                Kind.SYSTEM_PORTS,
                "line 1",
                "offset 8 gives system ports from 256 to 1023 to subscribers; use offset 6"
                    + " (RFC 7422 section 2)",
                "192.0.2.0:256 belongs to 2001:db8::/56"));
    assertThat(kinds("2001:db8::/56 192.0.2.1/32 0 0 0x3/8")).contains(Kind.SYSTEM_PORTS);
    assertThat(kinds("2001:db8::/56 192.0.2.1/32 0 0 0x4/8")).doesNotContain(Kind.SYSTEM_PORTS);
  }

  @Test
  void findsPortsThatAnOffsetWastes() {
    assertThat(lint("2001:db8::/40 192.0.2.0/24 16 4", "2001:db8:100::/40 198.51.100.0/24 16 4"))
        .containsExactly(
            new Finding(
                Kind.WASTED_PORTS,
                "line 1",
                "offset 4 leaves the ports 1024 to 4095 of every shared address to nobody;"
                    + " offset 6 would give each subscriber 12 more",
                "192.0.2.0:4095 belongs to nobody"));
    assertThat(kinds("2001:db8::/40 192.0.2.0/28 16 4")).isEmpty();
  }

  @Test
  void findsPsidsThatNoRuleNames() {
    assertThat(
            lint(
                "2001:db8::/56 192.0.2.18/32 0 6 0x0/8",
                "2001:db8:0:100::/56 192.0.2.18/32 0 6 0x2/8"))
        .containsExactly(
            new Finding(
                Kind.WASTED_PORTS,
                "line 1",
                "2 of the 256 PSIDs of 192.0.2.18/32 have a rule; the ports of the others belong"
                    + " to nobody",
                "192.0.2.18:1028 belongs to nobody"));
  }

  @Test
  void findsEndUserPrefixesThatNoLineHas() {
    assertThat(lint("2001:db8::/56 192.0.2.0/24 16 6"))
        .containsExactly(
            new Finding(
                Kind.PAST_64,
                "line 1",
                "56 + 16 = 72 bits: the end-user prefix reaches into the interface identifier;"
                    + " a LAN needs a /64",
                "2001:db8::/72 has the MAP address 2001:db8::c000:200:0"));
    assertThat(lint("2001:db8::/36 198.18.0.0/15 25 6"))
        .containsExactly(
            new Finding(
                Kind.ODD_LENGTH,
                "line 1",
                "36 + 25 = 61 bits: lines delegate /48, /52, /56, /60 or /64, and one with a /60"
                    + " could not use the rule; check the prefix lengths and EA bits",
                "2001:db8::/61"));
  }

  /// MAPE-29, MAPE-61
  @Test
  void findsDomainsWithoutARelayOrWithOneAmongTheSubscribers() {
    var rule = raw(1, "2001:db8::/40 192.0.2.0/24 16 6");
    var without = new RawDomain("line 8", "home", "", List.of(rule));
    var inside = new RawDomain("line 9", "away", "2001:db8:12:34ff::1", List.of());
    assertThat(RuleLint.findings(List.of(without, inside)))
        .containsExactly(
            new Finding(
                Kind.NO_RELAY,
                "line 8",
                "the domain 'home' has no relay; without one it cannot be used",
                "relay: 2001:db8:ffff::1"),
            new Finding(
                Kind.NO_RULES,
                "line 9",
                "the domain 'away' has no rule; it needs at least one",
                "{ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}"),
            new Finding(
                Kind.RELAY_INSIDE,
                "line 9",
                "the relay 2001:db8:12:34ff::1 lies in 2001:db8::/40 (line 1); delegate the prefix"
                    + " around it to nobody or move the relay",
                "2001:db8:12:3400::/56 is 192.0.2.18 PSID 0x34/8 by line 1"));
  }

  @Test
  void saysEveryProblemOfARuleThatCannotBeRead() {
    var raw = new RawRule("line 7", "", "192.0.2/24", "x", "17", "0x100/8", "draft-04");
    var domain = new RawDomain("line 1", "home", "relay.example", List.of(raw));
    assertThat(RuleLint.findings(List.of(domain)))
        .allMatch(finding -> finding.kind() == Kind.UNREADABLE)
        .extracting(Finding::sentence)
        .containsExactly(
            "'relay.example' is not an IPv6 address: it has no ':', unlike 2001:db8::1",
            "the rule has no 'ipv6'; it needs one",
            "'192.0.2/24' is not an IPv4 prefix: it needs four numbers with dots, as in 192.0.2.1",
            "the number of EA bits is 0 to 48, not 'x'",
            "the PSID offset is 0 to 15, not '17'",
            "the PSID 256 does not fit into 8 bits; it is a number from 0 to 255",
            "'draft-04' is not a layout: it is rfc7597 or draft-03");
  }

  /// MAPE-20
  @Test
  void findsNumbersThatCannotBeTogether() {
    assertThat(lint("2001:db8::/40 192.0.2.0/24 16 9"))
        .containsExactly(
            new Finding(
                Kind.IMPOSSIBLE,
                "line 1",
                "a PSID offset of 9 and a PSID of 8 bits do not fit into the 16 bits of a port;"
                    + " lower the offset to at most 8",
                "2001:db8::/40 192.0.2.0/24"));
  }

  @Test
  void readsWhatIsNotWrittenAsTheRfcDoes() {
    var raw = new RawRule("line 1", "2001:db8::/40", "192.0.2.0/24", "16", "", "", "");
    assertThat(RuleLint.findings(List.of(new RawDomain("line 1", "home", RELAY, List.of(raw)))))
        .isEmpty();
  }

  /// The mistakes of a table that people use: prefixes of 38 bits rounded to 32, so that rules of
  /// several IPv4 prefixes have one IPv6 prefix; and a provider's rules with host bits, EA bits and
  /// lengths that fit nothing.
  @Test
  void findsTheMistakesOfAPublishedTable() {
    List<Finding> findings =
        lint(
            "2400:4050::/38 153.240.0.0/22 18 6",
            "2400:4050::/38 153.240.4.0/22 18 6",
            "2400:4050::/38 153.240.8.0/22 18 6",
            "240d:f::/36 219.104.128.0/15 25 4",
            "240d:f:1000::/36 219.104.144.0/15 25 4",
            "240d:f:a001::/36 219.104.138.0/15 25 4");
    assertThat(at(findings, "line 2")).containsExactly(Kind.SAME_IPV6);
    assertThat(at(findings, "line 3")).containsExactly(Kind.SAME_IPV6);
    assertThat(at(findings, "line 4"))
        .containsExactly(Kind.HOST_BITS, Kind.ODD_LENGTH, Kind.WASTED_PORTS);
    assertThat(at(findings, "line 5"))
        .containsExactly(Kind.HOST_BITS, Kind.SAME_IPV4, Kind.ODD_LENGTH);
    assertThat(at(findings, "line 6"))
        .containsExactly(Kind.HOST_BITS, Kind.HOST_BITS, Kind.SAME_IPV4, Kind.ODD_LENGTH);
    assertThat(findings)
        .contains(
            new Finding(
                Kind.HOST_BITS,
                "line 4",
                "219.104.128.0/15 has bits set behind its length; the prefix is 219.104.0.0/15",
                "219.104.0.0/15"));
  }

  /// Whatever MapDomain or RuleTable refuse is an error of the lint, and nothing else is.
  @Test
  void saysErrorExactlyWhereDomainOrTableRefuse() {
    SplittableRandom random = Seed.random();
    var shapes = new RandomRules(random);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      List<MapRule> rules =
          IntStream.range(0, random.nextInt(1, 7))
              .mapToObj(_ -> shapes.nextInSmallSpace())
              .toList();
      boolean hasError =
          RuleLint.findings(List.of(raw(rules))).stream()
              .anyMatch(finding -> finding.severity() == Severity.ERROR);
      assertThat(hasError).as("%s", rules).isEqualTo(isRefused(rules));
      refused += hasError ? 1 : 0;
    }
    assertThat(refused).isBetween(1, 4_999);
  }

  private static boolean isRefused(List<MapRule> rules) {
    try {
      var _ = RuleTexts.table(rules);
      return false;
    } catch (Refused _) {
      return true;
    }
  }

  /// Ten thousand rules that all collide: one finding a rule and sort, not one a pair.
  @Test
  void saysOneThingARuleWhereAllCollide() {
    var rules = new ArrayList<RawRule>();
    for (int i = 1; i <= 10_000; i++) {
      rules.add(raw(i, "2001:db8::/40 192.0.2.0/24 16 6"));
    }
    assertThat(RuleLint.findings(List.of(new RawDomain("line 0", "home", RELAY, rules))))
        .hasSize(2 * 9_999);
  }

  private static List<Kind> at(List<Finding> findings, String place) {
    return findings.stream().filter(f -> f.place().equals(place)).map(Finding::kind).toList();
  }

  private static List<Kind> kinds(String... rules) {
    return lint(rules).stream().map(Finding::kind).toList();
  }

  private static List<Finding> lint(String... rules) {
    var raw = new ArrayList<RawRule>();
    for (String rule : rules) {
      raw.add(raw(raw.size() + 1, rule));
    }
    return RuleLint.findings(List.of(new RawDomain("line 0", "home", RELAY, raw)));
  }

  private static RawDomain raw(List<MapRule> rules) {
    return new RawDomain(
        "line 0",
        "home",
        RELAY,
        rules.stream()
            .map(rule ->
                new RawRule(
                    "a line",
                    rule.ipv6().toString(),
                    rule.ipv4().toString(),
                    String.valueOf(rule.eaLength()),
                    String.valueOf(rule.psidOffset()),
                    rule.psid().isPresent() ? rule.psid().toString() : "",
                    rule.layout().toString()))
            .toList());
  }

  /// `ipv6 ipv4 ea offset [psid]` as a row.
  private static RawRule raw(int line, String text) {
    List<String> words = List.of(text.split(" ", -1));
    return new RawRule(
        "line " + line,
        words.get(0),
        words.get(1),
        words.get(2),
        words.get(3),
        words.size() > 4 ? words.get(4) : "",
        "");
  }
}
