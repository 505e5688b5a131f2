package watari.core.rule;

/// How far a rule can be believed.
public enum Confidence {
  /// The operator wrote it or the line said it.
  GIVEN("given", "given by the operator or the line"),
  /// Published by the service or seen in its answers.
  SEEN("seen", "seen in the service's own answers or in public tables that agree"),
  /// Prefixes are known, offset and layout are deduced from what similar services do.
  INFERRED(
      "inferred-offset-and-layout",
      "the prefixes are known; the PSID offset and the layout are inferred, not published");

  private final String label;
  private final String sentence;

  Confidence(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /// What stands in tables and JSON.
  public String label() {
    return label;
  }

  public String sentence() {
    return sentence;
  }
}
