package watari.core.portmap;

import java.util.List;
import watari.core.nat.RemoteFilter;
import watari.core.net.Refused;

/// Outer ports that an inside endpoint has because a host asked for them.
///
/// @param inside the endpoint, or the first of them
/// @param outerPort the port of the set, or the first of them
/// @param size how many ports in a row, the same number inside and outside (RFC 7753); mostly 1
/// @param expiresAt when it ends; [#FOREVER] for never
/// @param filters who may come from the Internet; all where the list is empty
public record Lease(
    Inside inside,
    int outerPort,
    int size,
    Asker asker,
    long expiresAt,
    List<RemoteFilter> filters) {

  /// Later than every time.
  public static final long FOREVER = Long.MAX_VALUE;

  public Lease {
    if (size < 1 || inside.port() + size - 1 > 65535 || outerPort + size - 1 > 65535) {
      throw new Refused(size + " ports from " + outerPort + " are not between 1 and 65535");
    }
    filters = List.copyOf(filters);
  }

  public int protocol() {
    return inside.protocol();
  }

  /// Whether an endpoint is one of the lease's.
  public boolean covers(Inside endpoint) {
    return endpoint.protocol() == inside.protocol()
        && endpoint.address() == inside.address()
        && endpoint.port() >= inside.port()
        && endpoint.port() < inside.port() + size;
  }

  /// Whether an outer port is one of the lease's.
  public boolean covers(int protocol, int port) {
    return protocol == inside.protocol() && port >= outerPort && port < outerPort + size;
  }

  /// How long it will last.
  ///
  /// @return rounded up; [#FOREVER] where it has no end
  public long secondsLeft(long now) {
    return seconds(expiresAt, now);
  }

  /// How long it is until then.
  static long seconds(long expiresAt, long now) {
    return expiresAt == FOREVER ? FOREVER : Math.max(0, (expiresAt - now + 999) / 1000);
  }

  /// Whether it is worth keeping over a restart.
  public boolean isLasting() {
    return !(asker instanceof Asker.Peers);
  }

  /// The same ports, asked for anew.
  Lease renewed(Asker newAsker, long newEnd, List<RemoteFilter> newFilters) {
    return new Lease(inside, outerPort, size, newAsker, newEnd, newFilters);
  }
}
