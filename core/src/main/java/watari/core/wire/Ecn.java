package watari.core.wire;

/// Explicit Congestion Notification at the end of a tunnel (RFC 6040 §4.2).
public final class Ecn {
  public static final int NOT_CAPABLE = 0;
  public static final int CAPABLE_1 = 1;
  public static final int CAPABLE_0 = 2;
  public static final int CONGESTED = 3;

  /// What [#combine] says of a packet that must be dropped.
  public static final int IMPOSSIBLE = -1;

  private static final int BITS = 3;

  private Ecn() {}

  /// The ECN bits of a traffic class.
  public static int of(int trafficClass) {
    return trafficClass & BITS;
  }

  /// The inner packet's ECN bits after decapsulation: the more severe of the two, but a packet
  /// whose ends cannot speak ECN is never marked, and dropped when it would have to be.
  public static int combine(int inner, int outer) {
    if (inner == NOT_CAPABLE) {
      return outer == CONGESTED ? IMPOSSIBLE : NOT_CAPABLE;
    }
    if (inner == CONGESTED || outer == CONGESTED) {
      return CONGESTED;
    }
    return inner == CAPABLE_1 || outer == CAPABLE_1 ? CAPABLE_1 : CAPABLE_0;
  }
}
