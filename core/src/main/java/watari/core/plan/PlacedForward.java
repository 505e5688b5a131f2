package watari.core.plan;

import watari.core.net.Ipv4Address;
import watari.core.plan.ForwardWish.Transport;

/// A run of outer ports that goes to as many ports of a host at home.
///
/// @param name of the forward that it is of, which may have more runs
/// @param firstPort the first outer port
/// @param count how many ports, at least 1
/// @param toPort the host's port for the first of them
public record PlacedForward(
    String name, Transport transport, int firstPort, int count, Ipv4Address to, int toPort) {

  public int lastPort() {
    return firstPort + count - 1;
  }

  boolean sharesOuterPort(PlacedForward other) {
    return transport.overlaps(other.transport)
        && firstPort <= other.lastPort()
        && other.firstPort <= lastPort();
  }

  boolean sharesInsideEndpoint(PlacedForward other) {
    return transport.overlaps(other.transport)
        && to.equals(other.to)
        && toPort < other.toPort + other.count
        && other.toPort < toPort + count;
  }

  /// As in `5472` or `5472-5479`.
  public String outerPorts() {
    return count == 1 ? String.valueOf(firstPort) : firstPort + "-" + lastPort();
  }
}
