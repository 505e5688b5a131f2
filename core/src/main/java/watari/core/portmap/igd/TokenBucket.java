package watari.core.portmap.igd;

/// So many a second, and a burst of some more.
final class TokenBucket {
  private static final long MILLIS = 1000;

  private final int perSecond;
  private final int burst;
  private long tokens;
  private long filledAt;

  TokenBucket(int perSecond, int burst) {
    this.perSecond = perSecond;
    this.burst = burst;
    tokens = burst * MILLIS;
  }

  /// Whether one more is allowed.
  boolean take(long now) {
    tokens = Math.min(burst * MILLIS, tokens + Math.max(0, now - filledAt) * perSecond);
    filledAt = now;
    if (tokens < MILLIS) {
      return false;
    }
    tokens -= MILLIS;
    return true;
  }
}
