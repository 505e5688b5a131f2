package watari.core.net;

/// A value that cannot be. The message is one sentence for a person: what is wrong, where, and what
/// would be right.
public final class Refused extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public Refused(String sentence) {
    super(sentence);
  }

  /// The message, never absent.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
