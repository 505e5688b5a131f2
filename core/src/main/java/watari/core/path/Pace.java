package watari.core.path;

/// A token bucket: how many ICMP messages we may make (RFC 4443 §2.4f).
final class Pace {
  private static final int PER_SECOND = 100;
  private static final int BURST = 20;

  /// In thousandths of a message, so that one millisecond adds PER_SECOND of them.
  private long thousandths = BURST * 1000L;

  private long last;

  boolean allows(long now) {
    thousandths = Math.min(BURST * 1000L, thousandths + Math.max(0, now - last) * PER_SECOND);
    last = now;
    if (thousandths < 1000) {
      return false;
    }
    thousandths -= 1000;
    return true;
  }
}
