package watari.lab.line;

import java.nio.file.Path;

/// The files that the operators of a [Topology] would write.
///
/// @param topology what the files are for
/// @param folder where files and sockets lie
record Settings(Topology topology, Path folder) {

  Path gatewayFile(Subscriber subscriber) {
    return folder.resolve(subscriber.gateway() + ".yaml");
  }

  Path gatewaySocket(Subscriber subscriber) {
    return folder.resolve(subscriber.gateway() + ".sock");
  }

  /// Where a gateway keeps what outlives a restart.
  Path gatewayState(Subscriber subscriber) {
    return folder.resolve(subscriber.gateway() + ".state");
  }

  /// Where a DHCP server of the home, if there is one, writes down its clients.
  Path dhcpLeases(Subscriber subscriber) {
    return folder.resolve(subscriber.gateway() + ".leases");
  }

  Path relayFile() {
    return folder.resolve("relay.yaml");
  }

  Path relaySocket() {
    return folder.resolve("relay.sock");
  }

  Path rulesFile() {
    return folder.resolve("rules.yaml");
  }

  String rules() {
    return """
    domains:
      - name: lab
        relay: %s
        layout: %s
        psidOffset: 4
        mesh: %s
        rules:
          - {ipv6: "%s", ipv4: %s, ea: 16}
    """
        .formatted(
            Topology.RELAY_IPV6,
            topology.layout().word(),
            topology.mesh(),
            Topology.RULE_IPV6,
            Topology.RULE_IPV4);
  }

  String gateway(Subscriber subscriber) {
    return """
    line: {endUserPrefix: "%s", mtu: %d}
    rules: rules.yaml
    lan: {prefixes: [%s], address: %s, dhcpLeases: %s}
    tun: watari0
    socket: %s
    state: %s
    """
        .formatted(
            subscriber.endUserPrefix(),
            Topology.LINE_MTU,
            subscriber.lan(),
            subscriber.gatewayLan(),
            dhcpLeases(subscriber),
            gatewaySocket(subscriber),
            gatewayState(subscriber));
  }

  String relay() {
    return """
    rules: rules.yaml
    line: {mtu: %d}
    address: %s
    tun: watari-relay0
    socket: %s
    """
        .formatted(Topology.LINE_MTU, Topology.RELAY_IPV4, relaySocket());
  }
}
