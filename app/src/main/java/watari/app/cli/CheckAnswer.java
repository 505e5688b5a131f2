package watari.app.cli;

import java.util.Comparator;
import java.util.Optional;
import watari.app.config.Match;
import watari.app.config.Service;
import watari.app.config.Services;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.Identity;
import watari.core.rule.MapRule;

/// What a prefix is under the rules.
sealed interface CheckAnswer {

  /// A MAP-E line.
  record MapE(Match match, Identity identity) implements CheckAnswer {}

  /// No rule matches.
  ///
  /// @param service of the nearest rule
  /// @param nearest the rule that has the most bits in common with the prefix
  record NoRule(Service service, Comparison nearest) implements CheckAnswer {}

  /// A rule matches, but the prefix cannot have its bits.
  record TooShort(Match match, Ipv6Prefix endUserPrefix, String sentence) implements CheckAnswer {}

  static CheckAnswer of(Ipv6Prefix endUserPrefix, Services services) {
    Optional<Match> found = services.match(endUserPrefix);
    return found.isPresent() ? of(endUserPrefix, found.get()) : nearest(endUserPrefix, services);
  }

  private static CheckAnswer of(Ipv6Prefix endUserPrefix, Match match) {
    try {
      return new MapE(match, match.rule().identity(endUserPrefix));
    } catch (Refused refused) {
      return new TooShort(match, endUserPrefix, refused.sentence());
    }
  }

  private static CheckAnswer nearest(Ipv6Prefix endUserPrefix, Services services) {
    return services.list().stream()
        .map(service -> nearest(endUserPrefix, service))
        .max(Comparator.comparingInt(none -> none.nearest().equalBits()))
        .orElseThrow();
  }

  private static NoRule nearest(Ipv6Prefix endUserPrefix, Service service) {
    return service.rules().stream()
        .map(MapRule::ipv6)
        .map(rule -> new NoRule(service, Comparison.of(endUserPrefix, rule)))
        .max(Comparator.comparingInt(none -> none.nearest().equalBits()))
        .orElseThrow();
  }
}
