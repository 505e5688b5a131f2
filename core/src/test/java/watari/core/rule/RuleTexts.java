package watari.core.rule;

import java.util.List;
import java.util.stream.Stream;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// Rules in one line, for tests: `ipv6 ipv4 ea offset [psid] [layout]`.
final class RuleTexts {
  static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff:ffff::1");

  private RuleTexts() {}

  static MapRule rule(String text) {
    List<String> words = List.of(text.split(" +", -1));
    return new MapRule(
        Ipv6Prefix.parse(words.get(0)),
        Ipv4Prefix.parse(words.get(1)),
        Integer.parseInt(words.get(2)),
        Integer.parseInt(words.get(3)),
        words.size() > 4 ? Psid.parse(words.get(4)) : Psid.NONE,
        words.size() > 5 ? Layout.parse(words.get(5)) : Layout.RFC7597);
  }

  static MapDomain domain(List<MapRule> rules) {
    return new MapDomain("example", RELAY, false, Confidence.GIVEN, rules);
  }

  static MapDomain domain(String... rules) {
    return domain(Stream.of(rules).map(RuleTexts::rule).toList());
  }

  static RuleTable table(List<MapRule> rules) {
    return new RuleTable(List.of(domain(rules)));
  }

  static RuleTable table(String... rules) {
    return new RuleTable(List.of(domain(rules)));
  }
}
