package watari.core.verdict;

/// Why a packet was dropped: at once the counter, the line in the documentation and the name of a
/// test.
public enum Drop implements Verdict {
  MALFORMED("a header that is cut short, contradicts itself or has a wrong checksum");

  private final String sentence;

  Drop(String sentence) {
    this.sentence = sentence;
  }

  /// What happened, for people.
  public String sentence() {
    return sentence;
  }
}
