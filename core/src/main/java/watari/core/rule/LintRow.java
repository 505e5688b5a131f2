package watari.core.rule;

import watari.core.net.Ipv6Prefix;

/// A rule that could be read, and where it was written.
///
/// @param order counts domains and rules from the beginning of the rule set
/// @param place as [RawRule] says it
/// @param rule what was read, without bits behind its prefixes
record LintRow(int order, String place, MapRule rule) {

  /// The end-user prefix that has an address and port by this rule, whatever other rules say.
  Ipv6Prefix owner(int address, int port) {
    return rule.endUserPrefix(address, rule.psidOf(port));
  }
}
