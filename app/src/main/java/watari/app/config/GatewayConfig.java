package watari.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import watari.core.net.Ipv4Address;
import watari.core.path.FragmentSettings;
import watari.core.plan.ForwardWish;
import watari.core.plan.LineWish;
import watari.core.plan.RememberedForward;
import watari.core.rule.PortSet;

/// What a gateway is told by its operator; valid as a whole.
///
/// @param mode by which way IPv4 is to cross the line
/// @param mapE where the line's prefix matches the rules
/// @param tun the name of its TUN device
/// @param metric of the IPv4 default route, 0 for the strongest
/// @param socket the Unix socket that says state and counters
/// @param state the folder of what outlives a restart
/// @param translation how addresses and ports are translated
/// @param forwards which ports lead to which hosts
/// @param dmz the host at home that gets what is for nobody else
/// @param portMapping by which protocols hosts may ask for ports
/// @param fragments what is done about fragments
/// @param offload how far the kernel is to carry usual packets itself
public record GatewayConfig(
    Line line,
    LineWish mode,
    Optional<MapE> mapE,
    Lan lan,
    String tun,
    int metric,
    Path socket,
    Path state,
    Translation translation,
    List<ForwardWish> forwards,
    Optional<Ipv4Address> dmz,
    PortMapping portMapping,
    FragmentSettings fragments,
    OffloadWish offload) {

  /// The smallest table of sessions that a home can live with.
  public static final int SESSIONS_MIN = 1024;

  public GatewayConfig {
    forwards = List.copyOf(forwards);
  }

  /// The port sets that the home may have on this line, those of a shared address first.
  public List<PortSet> portSets() {
    return portSets(mode, mapE);
  }

  static List<PortSet> portSets(LineWish mode, Optional<MapE> mapE) {
    List<PortSet> sets = new ArrayList<>();
    mapE.ifPresent(known -> sets.add(known.identity().ports()));
    if (mode != LineWish.MAP_E) {
      sets.add(PortSet.ALL);
    }
    return sets;
  }

  /// Reads a file; `docs/running.md` describes it.
  ///
  /// @param past where the forwards of the gateway with this folder were in the port sets before: a
  ///   port that is not in today's set is right where it was in an earlier one
  public static Checked<GatewayConfig> read(
      Path file, Function<Path, List<RememberedForward>> past) {
    return ConfigFile.read(file, "a gateway's file", GatewayFile.KEYS, GatewayFile.reader(past));
  }
}
