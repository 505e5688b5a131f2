package watari.app.config;

import java.util.Optional;
import watari.core.net.Ipv6Prefix;
import watari.core.path.TunnelSettings;

/// The line of a gateway.
///
/// @param endUserPrefix what the line delegates; there is one where MAP-E is wanted
/// @param tunnel its MTU and what the outer headers say
/// @param interfaceName where neighbours ask for the MAP address, if it must be answered there, and
///   where the line's own IPv4 address is, if it has one
public record Line(
    Optional<Ipv6Prefix> endUserPrefix, TunnelSettings tunnel, Optional<String> interfaceName) {}
