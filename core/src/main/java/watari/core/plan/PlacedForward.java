package watari.core.plan;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import watari.core.nat.Forward;
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

  /// The same for the translator, a port and protocol each.
  public Stream<Forward> each() {
    return Arrays.stream(transport.protocols())
        .boxed()
        .flatMap(protocol ->
            IntStream.range(0, count)
                .mapToObj(i -> new Forward(protocol, firstPort + i, to, toPort + i)));
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
