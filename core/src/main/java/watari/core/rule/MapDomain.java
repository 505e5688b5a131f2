package watari.core.rule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// A MAP domain: the rules of one provider, its relay, and whether subscribers talk directly.
///
/// @param name for people
/// @param relay the address of the border relay
/// @param mesh whether the rules are Forwarding Mapping Rules too (RFC 7597 §5): a packet to
///   another subscriber goes to its gateway and not to the relay
/// @param confidence how far the rules can be believed
/// @param rules in the order they were written; the order means nothing
public record MapDomain(
    String name, Ipv6Address relay, boolean mesh, Confidence confidence, List<MapRule> rules) {

  public MapDomain {
    rules = List.copyOf(rules);
    if (rules.isEmpty()) {
      throw new Refused("the domain '" + name + "' has no rule; it needs at least one");
    }
    Map<Ipv6Prefix, MapRule> byPrefix = new HashMap<>();
    for (MapRule rule : rules) {
      MapRule other = byPrefix.putIfAbsent(rule.ipv6(), rule);
      if (other != null) {
        throw new Refused(
            "the domain '"
                + name
                + "' has two rules for "
                + rule.ipv6()
                + ": "
                + other.ipv4()
                + " and "
                + rule.ipv4()
                + "; an end-user prefix may match only one");
      }
    }
  }

  /// The Basic Mapping Rule: the longest Rule IPv6 prefix that the end-user prefix lies in.
  public Optional<MapRule> basicRule(Ipv6Prefix endUserPrefix) {
    return rules.stream()
        .filter(rule -> rule.ipv6().contains(endUserPrefix))
        .max((one, other) -> Integer.compare(one.ipv6().length(), other.ipv6().length()));
  }
}
