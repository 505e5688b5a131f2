package watari.core.rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// What no two rules of a table may do to each other.
final class RuleConflicts {
  private RuleConflicts() {}

  /// @throws Refused for the first contradiction
  static void check(List<MapRule> rules) {
    if (rules.size() > PsidGroups.RULES_MAX) {
      throw new Refused(
          "a table has at most "
              + PsidGroups.RULES_MAX
              + " rules, not "
              + rules.size()
              + "; split it over several relays");
    }
    checkIpv6(rules);
    checkOwners(rules);
    checkOffsets(rules);
  }

  private static void checkIpv6(List<MapRule> rules) {
    Map<Ipv6Prefix, MapRule> seen = new HashMap<>();
    for (MapRule rule : rules) {
      MapRule other = seen.putIfAbsent(rule.ipv6(), rule);
      if (other != null) {
        throw new Refused(
            "two rules have the IPv6 prefix "
                + rule.ipv6()
                + ": one with "
                + other.ipv4()
                + ", one with "
                + rule.ipv4()
                + "; take one away (RFC 7597 section 5)");
      }
    }
  }

  private record PortsOf(Ipv4Prefix ipv4, Psid psid) {}

  /// One port set of one IPv4 prefix has one owner.
  private static void checkOwners(List<MapRule> rules) {
    Map<Ipv4Prefix, MapRule> first = new HashMap<>();
    Map<PortsOf, MapRule> owners = new HashMap<>();
    for (MapRule rule : rules) {
      MapRule other = first.putIfAbsent(rule.ipv4(), rule);
      MapRule same = owners.putIfAbsent(new PortsOf(rule.ipv4(), rule.psid()), rule);
      if (same != null) {
        throw twoOwners(same, rule);
      }
      if (other != null && !(other.psid().isPresent() && rule.psid().isPresent())) {
        throw twoOwners(other, rule);
      }
    }
  }

  private static Refused twoOwners(MapRule other, MapRule rule) {
    return new Refused(
        "the rules "
            + other.ipv6()
            + " and "
            + rule.ipv6()
            + " both give out "
            + rule.ipv4()
            + (rule.psid().equals(other.psid()) && rule.psid().isPresent()
                ? " with PSID " + rule.psid()
                : "")
            + "; an address and port can have only one owner");
  }

  /// Offset and PSID length are equal for all who share an address (RFC 7597 §5.1): each rule is
  /// compared with the one right around it, found with a stack over the sorted prefixes. Rules that
  /// share nothing take no part; they may stand between two that do.
  private static void checkOffsets(List<MapRule> rules) {
    var sorted = new ArrayList<>(rules);
    sorted.removeIf(rule -> !rule.isShared());
    sorted.sort(Comparator.comparing(MapRule::ipv4));
    var around = new ArrayDeque<MapRule>();
    for (MapRule rule : sorted) {
      while (!around.isEmpty() && !around.element().ipv4().overlaps(rule.ipv4())) {
        around.pop();
      }
      if (!around.isEmpty()) {
        compare(around.element(), rule);
      }
      around.push(rule);
    }
  }

  private static void compare(MapRule outer, MapRule rule) {
    if (outer.psidOffset() != rule.psidOffset() || outer.psidLength() != rule.psidLength()) {
      throw new Refused(
          "the rules "
              + outer.ipv6()
              + " and "
              + rule.ipv6()
              + " share addresses of "
              + rule.ipv4()
              + " but cut its ports differently: offset "
              + outer.psidOffset()
              + " and PSID length "
              + outer.psidLength()
              + " against offset "
              + rule.psidOffset()
              + " and PSID length "
              + rule.psidLength()
              + "; all who share an address need the same (RFC 7597 section 5.1)");
    }
  }
}
