package watari.core.portmap;

import java.util.List;
import watari.core.nat.RemoteFilter;
import watari.core.net.Refused;

/// What a host wishes of [Leases].
///
/// @param inside the endpoint, or the first of them
/// @param size how many ports in a row; fewer may be given
/// @param wantedPort the outer port, or the first of them; 0 for any
/// @param exactly whether no other port will do
/// @param keepsParity whether the first port is to be even outside where it is even inside, and odd
///   where it is odd; for more than one port
/// @param expiresAt when the lease ends; [Lease#FOREVER] for never
public record Ask(
    Inside inside,
    int size,
    int wantedPort,
    boolean exactly,
    boolean keepsParity,
    Asker asker,
    long expiresAt,
    List<RemoteFilter> filters) {

  public Ask {
    if (size < 1 || inside.port() + size - 1 > 65535) {
      throw new Refused(size + " ports from " + inside.port() + " are not between 1 and 65535");
    }
    filters = List.copyOf(filters);
  }

  /// One port for everybody.
  public static Ask one(
      Inside inside, int wantedPort, boolean exactly, Asker asker, long expiresAt) {
    return new Ask(inside, 1, wantedPort, exactly, false, asker, expiresAt, List.of());
  }

  /// What a lease was given for, at another place.
  static Ask again(Lease lease, int wantedPort, boolean exactly) {
    return new Ask(
        lease.inside(),
        lease.size(),
        wantedPort,
        exactly,
        false,
        lease.asker(),
        lease.expiresAt(),
        lease.filters());
  }

  /// The same without a wish for a port.
  Ask anywhere() {
    return new Ask(inside, size, 0, false, keepsParity, asker, expiresAt, filters);
  }
}
