package watari.app.config;

import watari.core.rule.Identity;

/// What a gateway needs to cross its line by MAP-E.
///
/// @param services the domains of its rules
/// @param match the Basic Mapping Rule of the line's prefix among them, with its domain
/// @param identity what that rule makes of the prefix
public record MapE(Services services, Match match, Identity identity) {}
