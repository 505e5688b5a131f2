package watari.core.portmap;

/// When the server says that it has begun anew: ten times, with gaps that begin at 250 ms and
/// double (RFC 6887 §14.1.3, RFC 6886 §3.2.1).
final class Announcements {
  private static final int COUNT = 10;
  private static final long FIRST_GAP_MILLIS = 250;

  private final boolean isOn;
  private int said;
  private long nextAt;

  /// @param isOn whether anything is to be said at all
  Announcements(boolean isOn, long now) {
    this.isOn = isOn;
    nextAt = now;
  }

  void restart(long now) {
    said = 0;
    nextAt = now;
  }

  /// When the next is due; [Lease#FOREVER] for never.
  long wakeAt() {
    return isOn && said < COUNT ? nextAt : Lease.FOREVER;
  }

  /// Whether one is due; then it counts as said.
  boolean next(long now) {
    if (wakeAt() > now) {
      return false;
    }
    nextAt = now + (FIRST_GAP_MILLIS << said);
    said++;
    return true;
  }
}
