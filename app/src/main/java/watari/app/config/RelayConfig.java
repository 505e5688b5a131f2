package watari.app.config;

import java.nio.file.Path;
import java.util.OptionalInt;
import watari.core.net.Ipv4Address;
import watari.core.path.TunnelSettings;

/// What a relay is told by its operator; valid as a whole.
///
/// @param services the domains it serves
/// @param tunnel the MTU of the IPv6 side and what the outer headers say
/// @param address where its ICMP errors come from
/// @param anycast whether other relays have its IPv6 addresses too
/// @param graceSeconds how long rules that it had before are still accepted after a change
/// @param tun the name of its TUN device
/// @param socket the Unix socket that says state and counters
/// @param workers how many threads carry packets; without a number, as many as fit the machine
/// @param door how packets come to Watari
/// @param offload how far the kernel is to carry usual packets itself
public record RelayConfig(
    Services services,
    TunnelSettings tunnel,
    Ipv4Address address,
    boolean anycast,
    int graceSeconds,
    String tun,
    Path socket,
    OptionalInt workers,
    Door door,
    OffloadWish offload) {
  /// Each worker takes some MiB of the packet memory.
  public static final int WORKERS_MAX = 8;

  /// How packets come to Watari and go.
  public enum Door {
    /// The kernel routes them to a device.
    TUN,
    /// From the interfaces named for the offload, before the kernel sees them, and by a device as
    /// well.
    AF_XDP
  }

  /// Reads a file; `docs/running.md` describes it.
  public static Checked<RelayConfig> read(Path file) {
    return ConfigFile.read(file, "a relay's file", RelayFile.KEYS, RelayFile::config);
  }
}
