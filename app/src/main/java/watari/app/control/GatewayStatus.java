package watari.app.control;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import watari.app.config.GatewayConfig;
import watari.app.config.MapE;
import watari.app.config.ProtocolName;
import watari.core.nat.HostUse;
import watari.core.nat.Napt;
import watari.core.net.Ipv4Address;
import watari.core.path.Books;
import watari.core.plan.ForwardPlan;
import watari.core.plan.LineMode;
import watari.core.plan.PlacedForward;
import watari.core.plan.RememberedForward;
import watari.core.rule.MapDomain;
import watari.core.wire.Protocol;
import watari.host.engine.Door;

/// What a gateway is, as names and values; `docs/running.md` describes them.
record GatewayStatus(Wanted wanted, Ways ways, ForwardPlan forwards, Keeping keeping) {

  /// More hosts than this no household has.
  private static final int HOSTS_SHOWN_MAX = 256;

  Map<String, Object> tree() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "gateway");
    status.put("state", "running");
    GatewayConfig config = wanted.config();
    status.put("line", wanted.mode().toString());
    switch (wanted.mode()) {
      case LineMode.MapE _ -> tunnelled(status);
      case LineMode.Native(var address, int mtu) -> {
        status.put("ipv4", address.toString());
        status.put("portCount", wanted.portCount());
        status.put("lineMtu", mtu);
      }
      case LineMode.None _ -> status.put("portCount", 0);
    }
    status.put("tun", config.tun());
    status.put("mapping", config.translation().mapping());
    status.put("sessionsMax", config.translation().sessionsMax());
    ways.napt().ifPresent(napt -> ports(status, napt));
    status.put("forwards", placed());
    status.put("lostForwards", lost());
    config.dmz().ifPresent(host -> status.put("dmz", host.toString()));
    status.put("hosts", hosts());
    status.put("portlessPackets", portless());
    status.put("stateFolder", config.state().toString());
    keeping.trouble().ifPresent(reason -> status.put("stateTrouble", reason));
    return status;
  }

  private void tunnelled(Map<String, Object> status) {
    MapE mapE = wanted.mapE();
    MapDomain domain = mapE.match().domain();
    status.putAll(Descriptions.of(mapE.identity()));
    status.put("mapAddressDerivable", mapE.identity().isDerivable());
    status.put("domain", domain.name());
    status.put("relay", domain.relay().toString());
    status.put("mode", domain.mesh() ? "mesh" : "hub-and-spoke");
    status.put("confidence", domain.confidence().label());
    status.put("lineMtu", wanted.config().line().tunnel().lineMtu());
    ways.tunnelMtu().ifPresent(mtu -> status.put("tunnelMtu", mtu));
  }

  private static void ports(Map<String, Object> status, Napt napt) {
    status.put("sessions", napt.sessions());
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
    return ways.napt()
        .map(napt -> new Ipv4Address(napt.outerAddress()))
        .map(outer -> forwards.forwards().stream().map(forward -> tree(forward, outer)).toList())
        .orElse(List.of());
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
    return ways.napt().stream()
        .flatMap(napt -> napt.hosts().stream())
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
    ways.books()
        .portless()
        .all()
        .forEach((protocol, packets) -> all.put(ProtocolName.of(protocol), packets));
    return all;
  }

  static Map<String, Object> counters(Books books, Door door) {
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("outbound", Descriptions.of(books.outbound()));
    counters.put("inbound", Descriptions.of(books.inbound()));
    counters.put("device", Descriptions.of(door.counters()));
    return counters;
  }
}
