package watari.core.verdict;

/// A packet that was not dropped.
public enum Pass implements Verdict {
  /// Sent on, in one piece or in fragments.
  SENT("sent on"),
  /// Not sent on; its sender was told why by an ICMP message.
  ANSWERED("answered by ICMP"),
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
