package watari.app.config;

import java.nio.file.Path;
import watari.core.rule.Identity;

/// What a gateway is told by its operator; valid as a whole.
///
/// @param services the domains of its rules
/// @param match the Basic Mapping Rule of the line's prefix among them, with its domain
/// @param identity what that rule makes of the prefix
/// @param tun the name of its TUN device
/// @param socket the Unix socket that says state and counters
public record GatewayConfig(
    Line line,
    Services services,
    Match match,
    Identity identity,
    Lan lan,
    String tun,
    Path socket,
    Timers timers) {

  /// Reads a file; `docs/tools.md` describes it.
  public static Checked<GatewayConfig> read(Path file) {
    return ConfigFile.read(file, "a gateway's file", GatewayFile.KEYS, GatewayFile::config);
  }
}
