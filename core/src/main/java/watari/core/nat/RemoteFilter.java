package watari.core.nat;

import watari.core.net.Ipv4Prefix;

/// Who may reach a reserved port from the Internet (RFC 6887 §13.3).
///
/// @param port of the remote end; 0 for any
public record RemoteFilter(Ipv4Prefix addresses, int port) {
  public boolean permits(int remoteAddress, int remotePort) {
    return addresses.contains(remoteAddress) && (port == 0 || port == remotePort);
  }
}
