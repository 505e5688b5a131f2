package watari.app.config;

import java.util.List;
import java.util.Optional;
import watari.core.nat.Filtering;
import watari.core.nat.Forward;
import watari.core.nat.HostLimits;
import watari.core.nat.NatSettings;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.nat.Pickup;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.path.Manners;

/// How addresses and ports are translated, whatever the line is.
///
/// @param reservePercent of the ports, which new inside endpoints share; 0 for strict mapping
/// @param holdSeconds how long a port rests that nobody has any more
/// @param pickup which TCP segments that begin no connection make a session
/// @param hosts what one host may have
/// @param manners who hears of refused packets
/// @param sessionsMax how many sessions there may be
public record Translation(
    int reservePercent,
    Filtering tcpFiltering,
    Filtering udpFiltering,
    boolean inboundRefresh,
    int holdSeconds,
    Pickup pickup,
    Timers timers,
    HostLimits hosts,
    Manners manners,
    int sessionsMax) {

  /// The same for the translator.
  ///
  /// @param dynamicPorts which ports flows of the home may get
  /// @param forwards in the port set of today
  public NatSettings settings(
      DynamicPorts dynamicPorts, List<Forward> forwards, Optional<Ipv4Address> dmz) {
    return new NatSettings(
        reservePercent,
        tcpFiltering,
        udpFiltering,
        inboundRefresh,
        holdSeconds,
        pickup,
        timers,
        hosts,
        dynamicPorts,
        forwards,
        dmz,
        sessionsMax);
  }

  /// As in the file.
  public String mapping() {
    return reservePercent == 0 ? "strict" : "adaptive";
  }
}
