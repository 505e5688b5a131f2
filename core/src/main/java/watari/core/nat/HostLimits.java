package watari.core.nat;

import watari.core.net.Refused;

/// What one host at home may have, so that it cannot starve the others (RFC 6888 REQ-4 and REQ-5).
///
/// @param portsPercentMax of the port set, a protocol, 1 to 100. In adaptive mapping a host beyond
///   it goes on as a guest; in strict mapping it is refused
/// @param sessionsMax that it began, and as many again that began outside
/// @param sessionsPerSecond that it may begin in the long run; at once up to twice as many
public record HostLimits(int portsPercentMax, int sessionsMax, int sessionsPerSecond) {
  public static final HostLimits DEFAULT = new HostLimits(50, 4096, 500);

  /// For tests and for a home of one host.
  public static final HostLimits NONE = new HostLimits(100, Integer.MAX_VALUE, HostLimits.RATE_MAX);

  private static final int RATE_MAX = 1_000_000;

  public HostLimits {
    if (portsPercentMax < 1 || portsPercentMax > 100) {
      throw new Refused("a host's share of the ports is 1 to 100 %, not " + portsPercentMax);
    }
    if (sessionsMax < 1) {
      throw new Refused("a host may have at least 1 session, not " + sessionsMax);
    }
    if (sessionsPerSecond < 1 || sessionsPerSecond > RATE_MAX) {
      throw new Refused(
          "a host may begin 1 to " + RATE_MAX + " sessions a second, not " + sessionsPerSecond);
    }
  }
}
