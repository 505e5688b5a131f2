package watari.app.config;

import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;

/// A rule that matches an end-user prefix, and where it comes from.
public record Match(Service service, MapDomain domain, MapRule rule) {}
