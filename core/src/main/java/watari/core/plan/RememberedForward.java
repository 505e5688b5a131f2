package watari.core.plan;

import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;

/// Where a forward was in the port set, which outlives the set.
///
/// @param ports as the operator wrote them
/// @param index of the first port among the ports of the set
/// @param port the first outer port that it had last
/// @param isLost whether it has none now
public record RememberedForward(
    String name, Transport transport, Ports ports, int index, int port, boolean isLost) {

  boolean isOf(ForwardWish wish) {
    return name.equals(wish.name()) && transport == wish.transport() && ports.equals(wish.ports());
  }
}
