package watari.core.path;

import java.util.Arrays;
import watari.core.nat.Randomness;

/// How many ICMP messages we may make: a token bucket for all and one for each target, so that
/// nobody takes the share of the others (RFC 4443 §2.4f).
///
/// There are so many buckets, found by a keyed hash, so that nobody outside can choose whose bucket
/// to share.
final class Pace {
  static final int PER_SECOND = 100;
  static final int BURST = 20;
  static final int PER_SECOND_OF_TARGET = 20;
  static final int BURST_OF_TARGET = 10;
  private static final int TARGETS = 256;

  /// What a message takes, so that one millisecond adds as many of these as there are messages a
  /// second.
  private static final long COST = 1000;

  private final long key;
  private final long[] tokens = new long[TARGETS + 1];
  private final long[] last = new long[TARGETS + 1];

  /// @param randomness where the key comes from
  Pace(Randomness randomness) {
    key = randomness.next();
    Arrays.fill(tokens, BURST_OF_TARGET * COST);
    tokens[TARGETS] = BURST * COST;
  }

  /// Whether one more may go to a target: takes it from both buckets or from none.
  ///
  /// @param target an IPv4 address, or bits 0 to 63 of an IPv6 address, since whoever has one such
  ///   address has the whole /64
  boolean allows(long target, long now) {
    int bucket = (int) Randomness.mix(target ^ key) & (TARGETS - 1);
    fill(bucket, PER_SECOND_OF_TARGET, BURST_OF_TARGET, now);
    fill(TARGETS, PER_SECOND, BURST, now);
    if (tokens[bucket] < COST || tokens[TARGETS] < COST) {
      return false;
    }
    tokens[bucket] -= COST;
    tokens[TARGETS] -= COST;
    return true;
  }

  private void fill(int bucket, int perSecond, int burst, long now) {
    long added = Math.max(0, now - last[bucket]) * perSecond;
    tokens[bucket] = Math.min(burst * COST, tokens[bucket] + added);
    last[bucket] = now;
  }
}
