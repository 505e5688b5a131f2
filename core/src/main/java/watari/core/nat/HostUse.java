package watari.core.nat;

import watari.core.net.Ipv4Address;

/// What a host at home has now.
///
/// @param address of the host; 0.0.0.0 stands for all those for whom there was no place
/// @param tcpPorts outer ports that it has for itself
/// @param udpPorts the same
/// @param icmpPorts identifiers of queries
/// @param begun sessions that it began
/// @param heard sessions that began outside
public record HostUse(
    Ipv4Address address, int tcpPorts, int udpPorts, int icmpPorts, int begun, int heard) {}
