package watari.core.portmap;

/// Since when the server's state is (RFC 6887 §8.5): a client that sees it go back knows that its
/// mappings may be gone.
final class Epoch {
  private long startedAt;

  /// @param now of a clock that only goes forward, so that nobody who sets the time disturbs it
  Epoch(long now) {
    startedAt = now;
  }

  void restart(long now) {
    startedAt = now;
  }

  /// As 32 bits say it.
  long seconds(long now) {
    return (now - startedAt) / 1000 & 0xffff_ffffL;
  }
}
