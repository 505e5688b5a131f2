package watari.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.RuleTable;

/// The services that a question is answered from.
///
/// @param list those of a rules file before the built-in ones
public record Services(List<Service> list) {

  public Services {
    list = List.copyOf(list);
  }

  /// The public Japanese services.
  public static Services builtIn() {
    return BuiltInServices.load();
  }

  /// Only these domains.
  public static Services of(List<MapDomain> domains) {
    return new Services(domains.stream().map(Service::of).toList());
  }

  /// These domains, and of the services here what does not contradict them: a service of the same
  /// name goes, and so does a rule whose IPv6 or IPv4 prefix overlaps one of theirs.
  public Services overriddenBy(List<MapDomain> domains) {
    Set<String> names = domains.stream().map(MapDomain::name).collect(Collectors.toSet());
    List<MapRule> rules = domains.stream().flatMap(domain -> domain.rules().stream()).toList();
    List<Service> result = new ArrayList<>(of(domains).list);
    for (Service service : list) {
      List<MapDomain> left =
          service.domains().stream().flatMap(domain -> without(domain, rules)).toList();
      if (!names.contains(service.name()) && !left.isEmpty()) {
        result.add(service.withDomains(left));
      }
    }
    return new Services(result);
  }

  private static Stream<MapDomain> without(MapDomain domain, List<MapRule> rules) {
    List<MapRule> left =
        domain.rules().stream().filter(rule -> rules.stream().noneMatch(overlaps(rule))).toList();
    return left.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new MapDomain(domain.name(), domain.relay(), domain.mesh(), domain.confidence(), left));
  }

  private static Predicate<MapRule> overlaps(MapRule rule) {
    return other -> other.ipv6().overlaps(rule.ipv6()) || other.ipv4().overlaps(rule.ipv4());
  }

  /// Only the service of this name.
  ///
  /// @throws Refused when there is none
  public Services only(String name) {
    List<Service> found = list.stream().filter(service -> service.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw new Refused(
          "there is no service '"
              + name
              + "'; "
              + Nearest.advice(name, list.stream().map(Service::name).toList()));
    }
    return new Services(found);
  }

  /// All domains.
  public List<MapDomain> domains() {
    return list.stream().flatMap(service -> service.domains().stream()).toList();
  }

  /// All rules, compiled.
  ///
  /// @throws Refused when two contradict each other
  public RuleTable table() {
    return new RuleTable(domains());
  }

  /// The Basic Mapping Rule of an end-user prefix among all services: the longest match.
  public Optional<Match> match(Ipv6Prefix endUserPrefix) {
    return matches()
        .filter(match -> match.rule().ipv6().contains(endUserPrefix))
        .max(Comparator.comparingInt(match -> match.rule().ipv6().length()));
  }

  /// Every rule with where it comes from.
  public Stream<Match> matches() {
    return list.stream().flatMap(Services::matches);
  }

  private static Stream<Match> matches(Service service) {
    return service.domains().stream()
        .flatMap(domain -> domain.rules().stream().map(rule -> new Match(service, domain, rule)));
  }
}
