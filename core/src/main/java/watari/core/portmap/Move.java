package watari.core.portmap;

import java.util.Optional;
import watari.core.event.Event;

/// What the change of address or port set made of a lease.
///
/// @param after the lease now, or empty where the new set has no port for it
public record Move(Lease before, Optional<Lease> after) {

  /// What a person should hear about it, if anything.
  public Optional<Event> event() {
    int from = before.outerPort();
    if (after.isEmpty()) {
      return Optional.of(new Event.ForwardLost(name(), before.protocol(), from));
    }
    int to = after.get().outerPort();
    return to == from
        ? Optional.empty()
        : Optional.of(new Event.ForwardMoved(name(), before.protocol(), from, to));
  }

  private String name() {
    return switch (before.asker()) {
      case Asker.Upnp upnp when !upnp.description().isBlank() -> upnp.description();
      case Asker.Upnp _ -> "UPnP " + before.inside();
      case Asker.Pcp _, Asker.Peers _ -> "PCP " + before.inside();
      case Asker.NatPmp _ -> "NAT-PMP " + before.inside();
    };
  }
}
