package watari.core.verdict;

/// A packet that was not dropped.
public enum Pass implements Verdict {
  /// Sent on, in one piece or in fragments.
  SENT("sent on"),
  /// Meant for us and answered, such as a ping of our own address.
  ANSWERED("for ourselves, and answered"),
  /// Meant for this machine, whose address the home shares, and left to it.
  HANDED_OVER("for this machine itself, and handed over to it"),
  /// A fragment that waits for the rest of its packet.
  HELD("a fragment waiting for the rest");

  private final String sentence;

  Pass(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }
}
