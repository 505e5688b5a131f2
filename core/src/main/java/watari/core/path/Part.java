package watari.core.path;

/// One of the relays that a node has, one for each of its workers. They share the rules, and what
/// changes each has of its own. What arrives in fragments belongs to the first.
///
/// @param index which of them, from 0
/// @param count how many there are
/// @param others hear what this one learns of paths
public record Part(int index, int count, PathNews others) {
  /// The only one.
  public static final Part WHOLE = new Part(0, 1, PathNews.UNSAID);

  public Part {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("there is no part " + index + " of " + count);
    }
  }

  boolean isFirst() {
    return index == 0;
  }
}
