package watari.core.path;

import java.util.List;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.core.verdict.DomainTallies;

/// Rules that a relay goes by, and where the packets of each of their domains are counted.
final class RuleSet {
  private final RuleTable rules;
  private final int[] upstream;
  private final int[] downstream;

  RuleSet(RuleTable rules, DomainTallies upstream, DomainTallies downstream) {
    this.rules = rules;
    List<String> names = rules.domains().stream().map(MapDomain::name).toList();
    this.upstream = upstream.numbers(names);
    this.downstream = downstream.numbers(names);
  }

  RuleTable rules() {
    return rules;
  }

  /// The number under which what comes from the subscribers of a rule is counted.
  int upstream(int rule) {
    return upstream[rules.domainNumber(rule)];
  }

  /// And what goes to them.
  int downstream(int rule) {
    return downstream[rules.domainNumber(rule)];
  }
}
