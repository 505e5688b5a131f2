package watari.app.config;

import java.util.List;
import java.util.Optional;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;

/// A service that people know by its name, with the domains it is made of. A domain of a rules file
/// is a service of its own.
///
/// @param name as in JSON and in `--service`; every domain has it too
/// @param title what the service calls itself, in Latin letters
/// @param titleJapanese the same in Japanese
/// @param reverseName how its addresses are named in the DNS, where that is known
/// @param domains one for each relay
public record Service(
    String name,
    String title,
    String titleJapanese,
    Optional<ReverseName> reverseName,
    List<MapDomain> domains) {

  public Service {
    domains = List.copyOf(domains);
  }

  /// A domain of a file as a service.
  static Service of(MapDomain domain) {
    return new Service(
        domain.name(), domain.name(), domain.name(), Optional.empty(), List.of(domain));
  }

  /// The rules of all domains in the order they were written.
  public List<MapRule> rules() {
    return domains.stream().flatMap(domain -> domain.rules().stream()).toList();
  }

  Service withDomains(List<MapDomain> others) {
    return new Service(name, title, titleJapanese, reverseName, others);
  }
}
