package watari.app.config;

import java.util.Optional;
import watari.core.net.Ipv6Prefix;

/// The IPv6 line of a gateway.
///
/// @param endUserPrefix what the line delegates
/// @param mtu of the line, 1280 to 65535
/// @param interfaceName where neighbours ask for the MAP address, if it must be answered there
public record Line(Ipv6Prefix endUserPrefix, int mtu, Optional<String> interfaceName) {}
