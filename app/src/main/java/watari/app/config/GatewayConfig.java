package watari.app.config;

import java.nio.file.Path;
import watari.core.nat.Timers;
import watari.core.rule.Identity;

/// What a gateway is told by its operator; valid as a whole.
///
/// @param services the domains of its rules
/// @param match the Basic Mapping Rule of the line's prefix among them, with its domain
/// @param identity what that rule makes of the prefix
/// @param tun the name of its TUN device
/// @param metric of the IPv4 default route, 0 for the strongest
/// @param socket the Unix socket that says state and counters
/// @param timers how long sessions live
/// @param sessionsMax how many there may be
public record GatewayConfig(
    Line line,
    Services services,
    Match match,
    Identity identity,
    Lan lan,
    String tun,
    int metric,
    Path socket,
    Timers timers,
    int sessionsMax) {

  /// The smallest table of sessions that a home can live with.
  public static final int SESSIONS_MIN = 1024;

  /// Reads a file; `docs/running.md` describes it.
  public static Checked<GatewayConfig> read(Path file) {
    return ConfigFile.read(file, "a gateway's file", GatewayFile.KEYS, GatewayFile::config);
  }
}
