package watari.core.rule;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The slow, obvious twin of [RuleTable]: looks at every rule for every question.
record SlowTable(List<SlowRule> rules) {
  static final String NOBODY = "nobody";
  static final String EXCLUDED = "excluded";

  static SlowTable of(List<MapRule> rules) {
    return new SlowTable(rules.stream().map(SlowRule::of).toList());
  }

  /// The 128 bits of the MAP address of the subscriber with this address and port, or why there is
  /// none.
  String owner(String address, int port) {
    List<SlowRule> covering =
        rules.stream()
            .filter(rule -> rule.covers(address))
            .sorted(Comparator.comparingInt((SlowRule rule) -> rule.ipv4().length()).reversed())
            .toList();
    for (SlowRule rule : covering) {
      if (rule.isExcluded(port)) {
        return EXCLUDED;
      }
      Optional<String> owner = rule.owner(address, port);
      if (owner.isPresent()) {
        return isHidden(rule, owner.get()) ? NOBODY : rule.subscriber(owner.get()).mapAddress();
      }
    }
    return NOBODY;
  }

  /// Whether an end-user prefix belongs to a longer rule (RFC 7597 §5).
  private boolean isHidden(SlowRule rule, String endUser) {
    return rules.stream()
        .anyMatch(other ->
            other.ipv6().length() > rule.ipv6().length() && endUser.startsWith(other.ipv6()));
  }

  /// Whether two of the rules contradict each other.
  boolean hasContradiction() {
    for (int i = 0; i < rules.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (contradict(rules.get(i), rules.get(j))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean contradict(SlowRule one, SlowRule other) {
    boolean sameIpv6 = one.ipv6().equals(other.ipv6());
    boolean bothNamed = !one.psid().isEmpty() && !other.psid().isEmpty();
    boolean sameIpv4 =
        one.ipv4().equals(other.ipv4()) && (!bothNamed || one.psid().equals(other.psid()));
    boolean overlap = one.ipv4().startsWith(other.ipv4()) || other.ipv4().startsWith(one.ipv4());
    boolean bothShare = one.psidLength() > 0 && other.psidLength() > 0;
    boolean otherCut =
        one.psidOffset() != other.psidOffset() || one.psidLength() != other.psidLength();
    return sameIpv6 || sameIpv4 || (overlap && bothShare && otherCut);
  }
}
