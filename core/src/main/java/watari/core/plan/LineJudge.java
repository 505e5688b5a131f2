package watari.core.plan;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Address;

/// Decides by which way IPv4 crosses the line, from what is seen of its interface again and again.
///
/// ```
///           an address of the Internet, for so long as the line has been restless
///   map-e ----------------------------------------------------------------------> native
///  (or none) <------------------------------------------------------------------
///                        it is gone for two seconds
/// ```
///
/// A line that comes and goes costs bounded work: each time it goes soon after it came, it must
/// stay for twice as long before it is believed again, up to about a minute.
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class LineJudge {
  static final long PATIENCE_MILLIS = 2_000;
  static final long PATIENCE_MILLIS_MAX = 64_000;
  static final long CALM_MILLIS = 600_000;

  private final LineWish wish;
  private final boolean hasMapE;
  private @Nullable LineMode mode;
  private @Nullable LineMode next;
  private long nextSince;
  private long arrivedAt;
  private long patienceMillis = PATIENCE_MILLIS;

  /// @param hasMapE whether the line's prefix matches the rules
  public LineJudge(LineWish wish, boolean hasMapE) {
    this.wish = wish;
    this.hasMapE = hasMapE;
  }

  /// By which way IPv4 should cross the line now.
  public LineMode receive(LineFacts facts, long now) {
    LineMode seen = seen(facts);
    LineMode current = mode;
    if (current == null) {
      return become(seen, now);
    }
    if (seen.isLike(current)) {
      next = null;
      mode = seen; // another MTU is no other way
      return seen;
    }
    if (next == null || !seen.isLike(next)) {
      next = seen;
      nextSince = now;
    }
    return now - nextSince >= patience(seen) ? become(seen, now) : current;
  }

  private LineMode become(LineMode seen, long now) {
    if (mode instanceof LineMode.Native) {
      boolean wasBrief = now - arrivedAt < CALM_MILLIS;
      patienceMillis =
          wasBrief ? Math.min(2 * patienceMillis, PATIENCE_MILLIS_MAX) : PATIENCE_MILLIS;
    }
    mode = seen;
    next = null;
    arrivedAt = now;
    return seen;
  }

  /// Where there is no way at all, the first that comes is taken at once.
  private long patience(LineMode seen) {
    if (mode instanceof LineMode.None) {
      return 0;
    }
    return seen instanceof LineMode.Native ? patienceMillis : PATIENCE_MILLIS;
  }

  private LineMode seen(LineFacts facts) {
    Optional<Ipv4Address> address = wish == LineWish.MAP_E ? Optional.empty() : address(facts);
    if (address.isPresent()) {
      return new LineMode.Native(address.get(), facts.mtu());
    }
    return hasMapE && wish != LineWish.NATIVE ? new LineMode.MapE() : new LineMode.None();
  }

  /// The one in use while the line has it, else the first of the Internet.
  private Optional<Ipv4Address> address(LineFacts facts) {
    if (mode instanceof LineMode.Native(var used, _) && facts.has(used)) {
      return Optional.of(used);
    }
    return facts.addresses().stream().filter(LineFacts::isGlobal).findFirst();
  }
}
