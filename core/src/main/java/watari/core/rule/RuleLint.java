package watari.core.rule;

import java.util.List;

/// Says everything that is wrong or wasteful in a rule set, also in one that [MapDomain] or
/// [RuleTable] would refuse.
///
/// ```
/// RawDomain, text --LintReader--> LintRow, a rule each --LintOverlaps, LintNumbers--> Finding
/// ```
///
/// A rule that cannot be read takes no part in the comparisons; one with bits behind its prefixes
/// does, without them. Of many rules that collide, each is shown once, with its nearest neighbour:
/// the work is that of sorting the rules.
public final class RuleLint {
  private RuleLint() {}

  /// The findings in the order of the rules.
  public static List<Finding> findings(List<RawDomain> domains) {
    var found = new LintFindings();
    var reader = new LintReader(found);
    reader.read(domains);
    LintOverlaps.check(reader.rows(), reader.relays(), found);
    LintNumbers.check(reader.rows(), found);
    return found.inOrder();
  }
}
