package watari.app.cli;

import watari.core.rule.RuleTable;

/// Why nobody can be behind an address and port.
enum WhoReason {
  NO_RULE("no-rule", "no rule gives out this address"),
  NO_SUBSCRIBER("no-subscriber", "the rules of this address give this port to no subscriber"),
  EXCLUDED_PORT(
      "excluded-port", "the port lies before the first port set: the PSID offset excludes it");

  private final String label;
  private final String sentence;

  WhoReason(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /// The reason for an answer of [RuleTable#byAddress] that is no rule.
  static WhoReason of(int index, RuleTable table, int address) {
    return index == RuleTable.EXCLUDED_PORT
        ? EXCLUDED_PORT
        : table.covers(address) ? NO_SUBSCRIBER : NO_RULE;
  }

  /// The end of its key in [Words].
  String label() {
    return label;
  }

  /// What stands in JSON.
  String sentence() {
    return sentence;
  }
}
