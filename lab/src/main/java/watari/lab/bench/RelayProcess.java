package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import watari.lab.line.Line;
import watari.lab.line.Running;
import watari.lab.line.Topology;

/// The real relay on a [RelayStage], with a few of [ManyRules].
final class RelayProcess {
  static final int RULES = 4;

  /// Where its packets come from.
  enum Door {
    TUN("TUN", ""),
    AF_XDP(
        "AF_XDP",
        """
        door: af_xdp
        offload: off
        interfaces: {internet: net0, line: %s}
        """
            .formatted(Topology.RELAY_LINE));

    private final String word;
    private final String lines;

    Door(String word, String lines) {
      this.word = word;
      this.lines = lines;
    }

    /// How a row is called.
    String word() {
      return word;
    }
  }

  private RelayProcess() {}

  /// Starts it; it says when it is ready.
  ///
  /// @param before what stands before its command line, as [Manner] has it
  static Running start(RelayStage stage, List<String> before, Door door) throws IOException {
    var rules = new StringBuilder();
    for (int rule = 0; rule < RULES; rule++) {
      rules.append(
          "      - {ipv6: \"2400:0:%x::/40\", ipv4: 16.0.%d.0/24, ea: 16}%n"
              .formatted(rule << 8, rule));
    }
    return start(stage.line(), before, rules.toString(), door.lines);
  }

  /// The same with the rule of the lab's homes.
  ///
  /// @param lines of its file beside those that every relay needs
  static Running ofHomes(Line line, List<String> before, String lines) throws IOException {
    var rule =
        "      - {ipv6: \"%s\", ipv4: %s, ea: 16}%n"
            .formatted(Topology.RULE_IPV6, Topology.RULE_IPV4);
    return start(line, before, rule, lines);
  }

  private static Running start(Line line, List<String> before, String rules, String lines)
      throws IOException {
    Files.writeString(
        line.folder().resolve("bench-rules.yaml"),
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
    var file = line.folder().resolve("bench-relay.yaml");
    Files.writeString(
        file,
        """
        rules: bench-rules.yaml
        line: {mtu: %d}
        address: %s
        tun: watari-relay0
        socket: %s
        """
                .formatted(
                    Topology.LINE_MTU,
                    Topology.RELAY_IPV4,
                    line.folder().resolve("bench-relay.sock"))
            + lines);
    var program = Launcher.daemon(before, List.of("relay", "-c", file.toString()));
    return Running.start("relay", line.place(Topology.RELAY).command(program));
  }
}
