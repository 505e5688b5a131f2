package watari.core.portmap.igd;

/// A message of discovery to send.
///
/// @param address the target, an IPv4 address
/// @param port of the target
/// @param text in ASCII
public record Datagram(int address, int port, String text) {}
