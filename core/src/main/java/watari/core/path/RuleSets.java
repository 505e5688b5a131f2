package watari.core.path;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.core.verdict.DomainTallies;
import watari.core.wire.Outer;

/// The rules that hold in a relay, and those before that are not forgotten; with what was counted
/// by them.
final class RuleSets {
  static final int FORMER_MAX = 4;

  private final DomainTallies upstream = new DomainTallies();
  private final DomainTallies downstream = new DomainTallies();
  private RuleSet newest;

  /// The newest of them first.
  private RuleSet[] former = {};

  RuleSets(RuleTable rules) {
    newest = new RuleSet(rules, upstream, downstream);
  }

  DomainTallies upstream() {
    return upstream;
  }

  DomainTallies downstream() {
    return downstream;
  }

  RuleSet newest() {
    return newest;
  }

  boolean hasFormer() {
    return former.length > 0;
  }

  int formerCount() {
    return former.length;
  }

  RuleSet former(int number) {
    return former[number];
  }

  /// @throws IllegalStateException when [#FORMER_MAX] are not forgotten yet
  void become(RuleTable next) {
    if (former.length == FORMER_MAX) {
      throw new IllegalStateException("the rules have changed too often in a short time");
    }
    former = Stream.concat(Stream.of(newest), Arrays.stream(former)).toArray(RuleSet[]::new);
    newest = new RuleSet(next, upstream, downstream);
  }

  void goBack() {
    newest = former[0];
    former = Arrays.copyOfRange(former, 1, former.length);
    keepDomains();
  }

  /// Forgets the oldest.
  void forget() {
    former = Arrays.copyOf(former, former.length - 1);
    keepDomains();
  }

  private void keepDomains() {
    Set<String> names =
        Stream.concat(Stream.of(newest), Arrays.stream(former))
            .flatMap(each -> each.rules().domains().stream())
            .map(MapDomain::name)
            .collect(Collectors.toSet());
    upstream.keep(names);
    downstream.keep(names);
  }

  /// Whether a packet is for a relay address of any of them.
  boolean isToRelay(Outer outer) {
    boolean isOurs = newest.rules().isRelay(outer.targetHigh(), outer.targetLow());
    for (int i = 0; i < former.length && !isOurs; i++) {
      isOurs = former[i].rules().isRelay(outer.targetHigh(), outer.targetLow());
    }
    return isOurs;
  }

  /// Whether a packet is from a subscriber of any of them.
  boolean isFromSubscriber(Outer outer) {
    boolean isOne = newest.rules().isSubscriber(outer.sourceHigh(), outer.sourceLow());
    for (int i = 0; i < former.length && !isOne; i++) {
      isOne = former[i].rules().isSubscriber(outer.sourceHigh(), outer.sourceLow());
    }
    return isOne;
  }

  /// Whether a set of rules from before another has some for an address.
  boolean isCoveredBefore(RuleSet set, int address) {
    boolean isBefore = set == newest;
    boolean covers = false;
    for (int i = 0; i < former.length && !covers; i++) {
      covers = isBefore && former[i].rules().covers(address);
      isBefore |= set == former[i];
    }
    return covers;
  }
}
