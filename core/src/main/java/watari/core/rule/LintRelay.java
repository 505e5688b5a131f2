package watari.core.rule;

import watari.core.net.Ipv6Address;

/// A relay that could be read, and where its domain was written.
///
/// @param order of the domain, counted with the rules as in [LintRow]
/// @param place as [RawDomain] says it
record LintRelay(int order, String place, Ipv6Address address) {}
