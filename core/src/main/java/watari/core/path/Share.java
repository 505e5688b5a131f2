package watari.core.path;

import org.jspecify.annotations.Nullable;

/// What one source holds of the [FragmentMemory], or what a whole reassembly does: packets from the
/// oldest on, and their blocks.
final class Share {
  private final @Nullable Share whole;
  private final Link packets = Link.head();
  private int blocks;

  private Share(@Nullable Share whole) {
    this.whole = whole;
  }

  static Share ofAll() {
    return new Share(null);
  }

  /// The share of one source, whose blocks this counts too.
  Share part() {
    return new Share(this);
  }

  Link packets() {
    return packets;
  }

  int blocks() {
    return blocks;
  }

  /// @param more how many blocks more, or, below zero, fewer
  void count(int more) {
    blocks += more;
    if (whole != null) {
      whole.count(more);
    }
  }
}
