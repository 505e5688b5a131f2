package watari.core.path;

import java.util.List;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.core.verdict.DomainTallies;
import watari.core.verdict.Tally;

/// Rules that a relay goes by, and where the packets of each of their domains are counted.
final class RuleSet {
  private final RuleTable rules;
  private final Tally[] upstream;
  private final Tally[] downstream;

  RuleSet(RuleTable rules, DomainTallies upstream, DomainTallies downstream) {
    this.rules = rules;
    List<String> names = rules.domains().stream().map(MapDomain::name).toList();
    this.upstream = upstream.of(names).toArray(Tally[]::new);
    this.downstream = downstream.of(names).toArray(Tally[]::new);
  }

  RuleTable rules() {
    return rules;
  }

  /// Of what comes from the subscribers of a rule's domain.
  Tally upstream(int rule) {
    return upstream[rules.domainNumber(rule)];
  }

  /// Of what goes to them.
  Tally downstream(int rule) {
    return downstream[rules.domainNumber(rule)];
  }
}
