package watari.app.config;

import java.util.Optional;
import watari.core.net.Ipv6Prefix;
import watari.core.path.TunnelSettings;

/// The IPv6 line of a gateway.
///
/// @param endUserPrefix what the line delegates
/// @param tunnel its MTU and what the outer headers say
/// @param interfaceName where neighbours ask for the MAP address, if it must be answered there
public record Line(
    Ipv6Prefix endUserPrefix, TunnelSettings tunnel, Optional<String> interfaceName) {}
