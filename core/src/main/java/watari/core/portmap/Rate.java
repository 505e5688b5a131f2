package watari.core.portmap;

/// So many a second and no more, with a second's worth in store.
final class Rate {
  private static final long COST = 1000;

  private final int perSecond;
  private long tokens;
  private long last = Long.MIN_VALUE;

  Rate(int perSecond) {
    this.perSecond = perSecond;
  }

  /// Takes one, if there is one.
  boolean allows(long now) {
    long most = perSecond * COST;
    long added =
        last == Long.MIN_VALUE ? most : Math.min(COST, Math.max(0, now - last)) * perSecond;
    tokens = Math.min(most, tokens + added);
    last = now;
    if (tokens < COST) {
      return false;
    }
    tokens -= COST;
    return true;
  }
}
