package watari.app.config;

import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.rule.Identity;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;

/// A rule, and where it comes from.
public record Match(Service service, MapDomain domain, MapRule rule) {

  /// The name in the DNS of a subscriber's address, where the service names its addresses.
  public Optional<String> reverseName(Identity identity) {
    return service
        .reverseName()
        .filter(_ -> identity.ipv4().length() == 32)
        .map(name -> name.of(new Ipv4Address(identity.ipv4().bits())));
  }
}
