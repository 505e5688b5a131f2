package watari.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;

/// The home side of a gateway.
///
/// @param prefixes whose packets are translated
/// @param address the gateway's own, which its ICMP errors come from; inside a prefix
/// @param dhcpLeases where the DHCP server of the home, dnsmasq, writes down its clients
public record Lan(List<Ipv4Prefix> prefixes, Ipv4Address address, Optional<Path> dhcpLeases) {}
