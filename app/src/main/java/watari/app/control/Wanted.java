package watari.app.control;

import java.util.List;
import java.util.Optional;
import watari.app.config.GatewayConfig;
import watari.app.config.MapE;
import watari.core.event.Event;
import watari.core.nat.Forward;
import watari.core.nat.NatSettings;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.path.GatewaySettings;
import watari.core.path.NativeSettings;
import watari.core.path.Routing;
import watari.core.plan.ForwardPlan;
import watari.core.plan.HostPorts;
import watari.core.plan.LineMode;
import watari.core.plan.LineWish;
import watari.core.plan.Plan;
import watari.core.plan.RememberedForward;
import watari.core.rule.PortSet;

/// What a gateway is to be: its operator's wish on the line as it is.
///
/// @param mode by which way IPv4 crosses the line
/// @param hostPorts which ports this machine's own programs are given
record Wanted(GatewayConfig config, LineMode mode, HostPorts hostPorts) {
  private static final int PORTS = 1 << 16;

  /// The ports of the home at its address; none where it has no address.
  Optional<PortSet> ports() {
    return switch (mode) {
      case LineMode.MapE _ -> Optional.of(mapE().identity().ports());
      case LineMode.Native _ -> Optional.of(PortSet.ALL);
      case LineMode.None _ -> Optional.empty();
    };
  }

  /// What the Internet calls the home, where it calls it anything.
  Optional<Ipv4Prefix> address() {
    return switch (mode) {
      case LineMode.MapE _ -> Optional.of(mapE().identity().ipv4());
      case LineMode.Native(var address, _) ->
          Optional.of(new Ipv4Prefix(address.bits(), Integer.SIZE));
      case LineMode.None _ -> Optional.empty();
    };
  }

  /// There is one where the mode is MAP-E.
  MapE mapE() {
    return config.mapE().orElseThrow();
  }

  String link() {
    return config.line().interfaceName().orElse("");
  }

  /// What the household should hear when it begins.
  Event change() {
    return new Event.LineChanged(
        mode.toString(), address().orElse(new Ipv4Prefix(0, Integer.SIZE)), portCount());
  }

  int portCount() {
    int hosts = hostPorts.last() - hostPorts.first() + 1;
    return switch (mode) {
      case LineMode.MapE _ -> mapE().identity().ports().size();
      case LineMode.Native _ -> PORTS - hosts;
      case LineMode.None _ -> 0;
    };
  }

  /// Where the forwards lie. Without an address they are nowhere, and come back with the next.
  /// Those that only another way of this line has ports for are lost or moved, as if the line had
  /// come from there.
  ForwardPlan forwards(List<RememberedForward> memory) {
    List<RememberedForward> known = memory;
    for (PortSet ports : config.mode() == LineWish.AUTO ? config.portSets() : List.<PortSet>of()) {
      known = ForwardPlan.remember(config.forwards(), ports, known);
    }
    List<RememberedForward> before = known;
    return ports()
        .map(ports -> ForwardPlan.of(config.forwards(), ports, before))
        .orElse(new ForwardPlan(List.of(), before, List.of(), List.of()));
  }

  Plan plan(ForwardPlan forwards) {
    Ipv4Address own = config.lan().address();
    List<Ipv4Prefix> home = config.lan().prefixes();
    return switch (mode) {
      case LineMode.MapE _ when config.mode() == LineWish.AUTO ->
          Plan.ofGateway(config.tun(), mapE().identity(), home, own, link(), config.metric());
      case LineMode.MapE _ ->
          Plan.ofGateway(config.tun(), mapE().identity(), own, link(), config.metric());
      case LineMode.Native(var address, _) ->
          Plan.ofNative(config.tun(), link(), address, home, own, hostPorts, forwards.forwards());
      case LineMode.None _ -> Plan.empty(config.tun());
    };
  }

  GatewaySettings tunnelled(ForwardPlan forwards) {
    return new GatewaySettings(
        mapE().identity(),
        mapE().match().domain(),
        config.line().tunnel(),
        config.lan().prefixes(),
        config.lan().address(),
        nat(DynamicPorts.of(mapE().identity().ports()), forwards),
        config.translation().manners(),
        config.fragments(),
        Routing.KERNEL);
  }

  NativeSettings plain(LineMode.Native line, ForwardPlan forwards) {
    return new NativeSettings(
        line.address(),
        Math.min(line.mtu(), config.line().tunnel().lineMtu()),
        config.lan().prefixes(),
        config.lan().address(),
        nat(new DynamicPorts(HostPorts.SYSTEM_PORTS, hostPorts.first() - 1), forwards),
        config.translation().manners(),
        config.fragments());
  }

  private NatSettings nat(DynamicPorts dynamic, ForwardPlan plan) {
    List<Forward> forwards = plan.forwards().stream().flatMap(one -> one.each()).toList();
    return config.translation().settings(dynamic, forwards, config.dmz());
  }
}
