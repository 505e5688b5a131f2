package watari.app.config;

import java.util.List;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;

/// The home side of a gateway.
///
/// @param prefixes whose packets are translated
/// @param address the gateway's own, which its ICMP errors come from; inside a prefix
public record Lan(List<Ipv4Prefix> prefixes, Ipv4Address address) {}
