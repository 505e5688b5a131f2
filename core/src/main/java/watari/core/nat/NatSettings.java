package watari.core.nat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.rule.PortSet;

/// All that the translator is told.
///
/// @param reservePercent of the port set, a protocol: with no more ports free than these, new
///   inside endpoints share outer ports; 0 for strict mapping, where the next one is refused
/// @param udpFiltering also of ICMP queries
/// @param inboundRefresh whether packets from the Internet keep a session of UDP or ICMP alive (RFC
///   4787 REQ-6)
/// @param holdSeconds how long a port that nobody has any more rests, while others are free; at
///   most a quarter of the set does (RFC 6888 REQ-8)
/// @param dynamicPorts the ports that flows of the home may get
/// @param dmz the host that gets what is for nobody
/// @param sessionsMax the size of the table; it cannot change later
public record NatSettings(
    int reservePercent,
    Filtering tcpFiltering,
    Filtering udpFiltering,
    boolean inboundRefresh,
    int holdSeconds,
    Pickup pickup,
    Timers timers,
    HostLimits hosts,
    DynamicPorts dynamicPorts,
    List<Forward> forwards,
    Optional<Ipv4Address> dmz,
    int sessionsMax) {

  public static final int RESERVE_PERCENT_DEFAULT = 20;
  public static final int HOLD_SECONDS_DEFAULT = 120;

  /// The ports from `first` to `last`, both included.
  public record DynamicPorts(int first, int last) {
    public DynamicPorts {
      if (first < 1 || last > 65_535 || first > last) {
        throw new Refused("no ports lie from " + first + " to " + last);
      }
    }

    /// All of a shared set; of a whole address all but the system ports (RFC 7597 §4). Where a set
    /// begins with port 0, no host can speak to that one.
    public static DynamicPorts of(PortSet ports) {
      return new DynamicPorts(ports.isAll() ? 1024 : 1, 65_535);
    }

    boolean contains(int port) {
      return port >= first && port <= last;
    }
  }

  public NatSettings {
    forwards = List.copyOf(forwards);
    if (reservePercent < 0 || reservePercent > 90) {
      throw new Refused("the reserve is 0 to 90 % of the ports, not " + reservePercent);
    }
    if (holdSeconds < 0) {
      throw new Refused("a port rests 0 seconds or more, not " + holdSeconds);
    }
    checkForwards(forwards);
  }

  private static void checkForwards(List<Forward> forwards) {
    Set<List<Object>> taken = new HashSet<>();
    for (Forward forward : forwards) {
      if (!taken.add(List.of(forward.protocol(), forward.outerPort()))) {
        throw new Refused("two forwards have the port " + forward.outerPort());
      }
      if (!taken.add(List.of(forward.protocol(), forward.inside(), forward.insidePort()))) {
        throw new Refused(
            "two forwards lead to " + forward.inside() + " port " + forward.insidePort());
      }
    }
  }

  /// Adaptive mapping, address-dependent filtering, nothing forwarded.
  public static NatSettings adaptive(PortSet ports, int sessionsMax) {
    return new NatSettings(
        RESERVE_PERCENT_DEFAULT,
        Filtering.ADDRESS_DEPENDENT,
        Filtering.ADDRESS_DEPENDENT,
        true,
        HOLD_SECONDS_DEFAULT,
        Pickup.AFTER_START,
        Timers.DEFAULT,
        HostLimits.DEFAULT,
        DynamicPorts.of(ports),
        List.of(),
        Optional.empty(),
        sessionsMax);
  }

  /// The same with other forwards.
  public NatSettings withForwards(List<Forward> forwards) {
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

  /// Endpoint-independent mapping for everybody (RFC 4787 REQ-1), and no limit for a host.
  public static NatSettings strict(PortSet ports, Timers timers, int sessionsMax) {
    return new NatSettings(
        0,
        Filtering.ADDRESS_DEPENDENT,
        Filtering.ADDRESS_DEPENDENT,
        true,
        HOLD_SECONDS_DEFAULT,
        Pickup.AFTER_START,
        timers,
        HostLimits.NONE,
        DynamicPorts.of(ports),
        List.of(),
        Optional.empty(),
        sessionsMax);
  }
}
