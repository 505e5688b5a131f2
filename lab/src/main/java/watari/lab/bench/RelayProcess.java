package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import watari.lab.line.Jvm;
import watari.lab.line.Manner;
import watari.lab.line.Running;
import watari.lab.line.Topology;

/// The real relay on a [RelayStage], with a few of [ManyRules], by way of its TUN device.
final class RelayProcess {
  static final int RULES = 4;

  private RelayProcess() {}

  /// Starts it; it says when it is ready.
  ///
  /// @param before what stands before its command line, as [Manner] has it
  static Running start(RelayStage stage, List<String> before) throws IOException {
    var folder = stage.line().folder();
    var rules = new StringBuilder();
    for (int rule = 0; rule < RULES; rule++) {
      rules.append(
          "      - {ipv6: \"2400:0:%x::/40\", ipv4: 16.0.%d.0/24, ea: 16}%n"
              .formatted(rule << 8, rule));
    }
    Files.writeString(
        folder.resolve("bench-rules.yaml"),
        """
        domains:
          - name: bench
            relay: %s
            layout: rfc7597
            psidOffset: 4
            rules:
        %s\
        """
            .formatted(Topology.RELAY_IPV6, rules));
    var file = folder.resolve("bench-relay.yaml");
    Files.writeString(
        file,
        """
        rules: bench-rules.yaml
        line: {mtu: %d}
        address: %s
        tun: watari-relay0
        socket: %s
        """
            .formatted(Topology.LINE_MTU, Topology.RELAY_IPV4, folder.resolve("bench-relay.sock")));
    var program =
        Jvm.here()
            .product(new Manner(before, TunWish.JVM), List.of("relay", "-c", file.toString()));
    return Running.start("relay", stage.line().place(Topology.RELAY).command(program));
  }
}
