package watari.app.control;

import java.util.Optional;
import watari.core.event.Event;
import watari.core.net.Ipv4Address;

/// An event as a person is told of it.
///
/// @param address what the Internet calls the home now, where it is one address
public record Told(Event event, Optional<Ipv4Address> address) {}
