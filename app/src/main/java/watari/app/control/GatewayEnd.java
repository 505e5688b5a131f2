package watari.app.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import watari.app.config.GatewayConfig;
import watari.core.nat.Filtering;
import watari.core.nat.HostLimits;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.nat.Pickup;
import watari.core.nat.Randomness;
import watari.core.net.Refused;
import watari.core.path.FragmentSettings;
import watari.core.path.Gateway;
import watari.core.path.GatewaySettings;
import watari.core.path.Manners;
import watari.core.path.Routing;
import watari.core.plan.Plan;
import watari.core.rule.Identity;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;
import watari.host.engine.Crossing;
import watari.host.engine.Door;

/// A gateway that runs.
final class GatewayEnd implements TunnelEnd {
  /// Of all that a session needs, rounded up.
  private static final int SESSION_BYTES = 128;

  private final GatewayConfig config;
  private final Door door;
  private final Gateway gateway;

  GatewayEnd(GatewayConfig config, Door door, Randomness randomness) {
    this.config = config;
    this.door = door;
    gateway = gateway(config, door, randomness);
  }

  private static Gateway gateway(GatewayConfig config, Door door, Randomness randomness) {
    GatewaySettings settings = settings(config);
    try {
      return new Gateway(settings, door, door, randomness);
    } catch (OutOfMemoryError _) {
      throw new Refused(
          "there is not enough memory for "
              + config.sessionsMax()
              + " sessions; lower sessionsMax to "
              + affordable(config.sessionsMax(), Runtime.getRuntime().maxMemory())
              + ", or give Java more with -Xmx");
    }
  }

  /// At most half of what was too many, and not more than a quarter of the memory holds.
  static int affordable(int sessions, long memoryBytes) {
    long most = Math.min(sessions / 2, memoryBytes / 4 / SESSION_BYTES);
    return (int) Math.max(GatewayConfig.SESSIONS_MIN, Long.highestOneBit(most));
  }

  private static GatewaySettings settings(GatewayConfig config) {
    return new GatewaySettings(
        config.identity(),
        config.match().domain(),
        config.line().tunnel(),
        config.lan().prefixes(),
        config.lan().address(),
        nat(config),
        Manners.DEFAULT,
        FragmentSettings.DEFAULT,
        Routing.KERNEL);
  }

  private static NatSettings nat(GatewayConfig config) {
    PortSet ports = config.identity().ports();
    return new NatSettings(
        NatSettings.RESERVE_PERCENT_DEFAULT,
        Filtering.ADDRESS_DEPENDENT,
        Filtering.ADDRESS_DEPENDENT,
        true,
        NatSettings.HOLD_SECONDS_DEFAULT,
        Pickup.AFTER_START,
        config.timers(),
        HostLimits.DEFAULT,
        DynamicPorts.of(ports),
        List.of(),
        Optional.empty(),
        config.sessionsMax());
  }

  static Plan plan(GatewayConfig config) {
    return Plan.ofGateway(
        config.tun(),
        config.identity(),
        config.lan().address(),
        config.line().interfaceName().orElse(""),
        config.metric());
  }

  @Override
  public Crossing crossing() {
    return Crossing.of(gateway);
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "gateway");
    status.put("state", "running");
    status.putAll(Descriptions.of(config.identity()));
    status.put("mapAddressDerivable", config.identity().isDerivable());
    status.put("domain", config.match().domain().name());
    status.put("relay", config.match().domain().relay().toString());
    status.put("mode", config.match().domain().mesh() ? "mesh" : "hub-and-spoke");
    status.put("confidence", config.match().domain().confidence().label());
    status.put("tun", config.tun());
    status.put("lineMtu", config.line().tunnel().lineMtu());
    status.put("tunnelMtu", gateway.tunnelMtu());
    Napt napt = gateway.napt();
    status.put("sessions", napt.sessions());
    status.put("sessionsMax", config.sessionsMax());
    status.put("freePorts", freePorts(napt));
    return status;
  }

  private static Map<String, Object> freePorts(Napt napt) {
    Map<String, Object> free = new LinkedHashMap<>();
    free.put("tcp", napt.freePorts(Protocol.TCP));
    free.put("udp", napt.freePorts(Protocol.UDP));
    free.put("icmp", napt.freePorts(Protocol.ICMP));
    return free;
  }

  @Override
  public Map<String, Object> counters() {
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("outbound", Descriptions.of(gateway.outboundTally()));
    counters.put("inbound", Descriptions.of(gateway.inboundTally()));
    counters.put("device", Descriptions.of(door.counters()));
    return counters;
  }

  @Override
  public String summary() {
    Identity identity = config.identity();
    return identity.endUserPrefix()
        + " is "
        + identity.ipv4()
        + " with "
        + identity.ports()
        + ", MAP address "
        + identity.mapAddress()
        + ", relay "
        + config.match().domain().relay();
  }
}
