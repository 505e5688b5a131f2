package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import watari.lab.line.Running;
import watari.lab.line.Topology;

/// The real gateway of Watari's home in [TwoHomes], as a household would run it.
final class GatewayProcess {
  private GatewayProcess() {}

  /// Starts it; it says when it is ready.
  ///
  /// @param before what stands before its command line, as [Manner] has it
  /// @param lines of its file beside those that every gateway needs
  static Running start(TwoHomes homes, List<String> before, String lines) throws IOException {
    var folder = homes.line().folder();
    var home = homes.watari();
    Files.writeString(
        folder.resolve("bench-home.yaml"),
        """
        domains:
          - name: bench
            relay: %s
            layout: rfc7597
            psidOffset: 4
            rules:
              - {ipv6: "%s", ipv4: %s, ea: 16}
        """
            .formatted(Topology.RELAY_IPV6, Topology.RULE_IPV6, Topology.RULE_IPV4));
    var file = folder.resolve("bench-gateway.yaml");
    Files.writeString(
        file,
        """
        line: {endUserPrefix: "%s", mtu: %d}
        rules: bench-home.yaml
        lan: {prefixes: [%s], address: %s}
        tun: watari0
        socket: %s
        state: %s
        """
                .formatted(
                    home.endUserPrefix(),
                    Topology.LINE_MTU,
                    home.lan(),
                    home.gatewayLan(),
                    folder.resolve("bench-gateway.sock"),
                    folder.resolve("bench-gateway.state"))
            + lines);
    var program = Launcher.daemon(before, List.of("gateway", "-c", file.toString()));
    return Running.start("gateway", homes.place(home.gateway()).command(program));
  }
}
