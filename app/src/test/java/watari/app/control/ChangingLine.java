package watari.app.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import watari.app.config.Checked;
import watari.app.config.GatewayConfig;
import watari.core.net.Ipv4Address;
import watari.core.plan.HostPorts;
import watari.core.plan.LineMode;

/// A gateway's file of a line that may have an address of its own, and what it is to be on it.
record ChangingLine(GatewayConfig config) {
  static final LineMode MAP_E = new LineMode.MapE();
  static final LineMode NATIVE = new LineMode.Native(Ipv4Address.parse("198.51.100.2"), 1500);
  static final LineMode NONE = new LineMode.None();

  private static final String FILE =
      """
      line: {endUserPrefix: 2001:db8:12:3400::/56, mtu: 1500, interface: wan0}
      lan: {prefixes: [192.168.1.0/24], address: 192.168.1.1}
      sessionsMax: 1024
      domains:
        - name: example
          relay: 2001:db8:ffff::1
          layout: rfc7597
          psidOffset: 4
          rules:
            - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
      """;

  /// @param more lines of the file
  static ChangingLine of(Path folder, String more) throws IOException {
    Path file = Files.writeString(folder.resolve("gateway.yaml"), FILE + more);
    return switch (GatewayConfig.read(file, _ -> List.of())) {
      case Checked.Valid<GatewayConfig>(var config) -> new ChangingLine(config);
      case Checked.Invalid<GatewayConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  Wanted on(LineMode mode) {
    return new Wanted(config, mode, HostPorts.DEFAULT);
  }
}
