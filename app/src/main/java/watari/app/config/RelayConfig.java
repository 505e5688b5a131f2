package watari.app.config;

import java.nio.file.Path;
import watari.core.net.Ipv4Address;
import watari.core.path.TunnelSettings;

/// What a relay is told by its operator; valid as a whole.
///
/// @param services the domains it serves
/// @param tunnel the MTU of the IPv6 side and what the outer headers say
/// @param address where its ICMP errors come from
/// @param anycast whether other relays have its IPv6 addresses too
/// @param tun the name of its TUN device
/// @param socket the Unix socket that says state and counters
/// @param offload how far the kernel is to carry usual packets itself
public record RelayConfig(
    Services services,
    TunnelSettings tunnel,
    Ipv4Address address,
    boolean anycast,
    String tun,
    Path socket,
    OffloadWish offload) {

  /// Reads a file; `docs/running.md` describes it.
  public static Checked<RelayConfig> read(Path file) {
    return ConfigFile.read(file, "a relay's file", RelayFile.KEYS, RelayFile::config);
  }
}
