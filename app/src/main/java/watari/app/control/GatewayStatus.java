package watari.app.control;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import watari.app.config.GatewayConfig;
import watari.app.config.ProtocolName;
import watari.core.nat.HostUse;
import watari.core.nat.Napt;
import watari.core.net.Ipv4Address;
import watari.core.path.Gateway;
import watari.core.plan.ForwardPlan;
import watari.core.plan.PlacedForward;
import watari.core.plan.RememberedForward;
import watari.core.wire.Protocol;
import watari.host.engine.Door;

/// What a gateway is, as names and values; `docs/running.md` describes them.
record GatewayStatus(GatewayConfig config, Gateway gateway, ForwardPlan forwards, Keeping keeping) {

  /// More hosts than this no household has.
  private static final int HOSTS_SHOWN_MAX = 256;

  Map<String, Object> tree() {
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
    ports(status);
    status.put("forwards", placed());
    status.put("lostForwards", lost());
    config.dmz().ifPresent(host -> status.put("dmz", host.toString()));
    status.put("hosts", hosts());
    status.put("portlessPackets", portless());
    status.put("stateFolder", config.state().toString());
    keeping.trouble().ifPresent(reason -> status.put("stateTrouble", reason));
    return status;
  }

  private void ports(Map<String, Object> status) {
    Napt napt = gateway.napt();
    status.put("mapping", config.translation().mapping());
    status.put("sessions", napt.sessions());
    status.put("sessionsMax", config.translation().sessionsMax());
    status.put("freePorts", eachProtocol(napt::freePorts));
    status.put("heldPorts", eachProtocol(napt::heldPorts));
    status.put("sharedPorts", eachProtocol(napt::sharedPorts));
  }

  /// A number of ports of each protocol.
  @FunctionalInterface
  private interface Count {
    int of(int protocol);
  }

  private static Map<String, Object> eachProtocol(Count count) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int protocol : new int[] {Protocol.TCP, Protocol.UDP, Protocol.ICMP}) {
      all.put(ProtocolName.of(protocol), count.of(protocol));
    }
    return all;
  }

  /// `dial` is what to give to friends.
  private List<Map<String, Object>> placed() {
    var outer = new Ipv4Address(gateway.napt().outerAddress());
    return forwards.forwards().stream().map(forward -> tree(forward, outer)).toList();
  }

  private static Map<String, Object> tree(PlacedForward forward, Ipv4Address outer) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", forward.name());
    tree.put("protocol", forward.transport().word());
    tree.put("dial", outer + ":" + forward.outerPorts());
    tree.put("to", forward.to().toString());
    tree.put("toPort", forward.toPort());
    tree.put("count", forward.count());
    return tree;
  }

  /// Those for which the port set of today has no port.
  private List<String> lost() {
    return forwards.memory().stream()
        .filter(RememberedForward::isLost)
        .map(RememberedForward::name)
        .toList();
  }

  /// Who has most comes first.
  private List<Map<String, Object>> hosts() {
    return gateway.napt().hosts().stream()
        .sorted(Comparator.comparingInt(GatewayStatus::weight).reversed())
        .limit(HOSTS_SHOWN_MAX)
        .map(GatewayStatus::tree)
        .toList();
  }

  private static int weight(HostUse host) {
    return Math.max(host.tcpPorts(), Math.max(host.udpPorts(), host.icmpPorts()));
  }

  private static Map<String, Object> tree(HostUse host) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("address", host.address().toString());
    tree.put("tcpPorts", host.tcpPorts());
    tree.put("udpPorts", host.udpPorts());
    tree.put("icmpPorts", host.icmpPorts());
    tree.put("sessionsBegun", host.begun());
    tree.put("sessionsHeard", host.heard());
    return tree;
  }

  private Map<String, Object> portless() {
    Map<String, Object> all = new LinkedHashMap<>();
    gateway
        .portless()
        .all()
        .forEach((protocol, packets) -> all.put(ProtocolName.of(protocol), packets));
    return all;
  }

  static Map<String, Object> counters(Gateway gateway, Door door) {
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("outbound", Descriptions.of(gateway.outboundTally()));
    counters.put("inbound", Descriptions.of(gateway.inboundTally()));
    counters.put("device", Descriptions.of(door.counters()));
    return counters;
  }
}
