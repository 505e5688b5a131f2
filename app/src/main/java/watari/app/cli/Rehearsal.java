package watari.app.cli;

import java.io.IOException;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import watari.app.config.GatewayConfig;
import watari.app.config.RelayConfig;
import watari.app.control.Keeping;
import watari.host.kernel.Libc;

/// Does what every start of a gateway or relay begins with, and nothing to the machine, for the JVM
/// that keeps what it learned in an archive (JEP 514). The launcher runs it once for each build and
/// verb.
public final class Rehearsal {
  private static final String RELAY =
      """
      address: 192.0.2.1
      line: {mtu: 1500}
      """;

  private static final String GATEWAY =
      """
      line: {endUserPrefix: 2001:db8:12:3400::/56, mtu: 1500}
      lan: {prefixes: [192.168.1.0/24], address: 192.168.1.1}
      """;

  private static final String DOMAINS =
      """
      domains:
        - name: example
          relay: 2001:db8:ffff::1
          layout: rfc7597
          rules:
            - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
      """;

  private Rehearsal() {}

  /// Rehearses the start of one of them.
  ///
  /// @param args the verb: `gateway` or `relay`
  public static void main(String[] args) throws IOException {
    Path file = Files.createTempFile("watari", ".yaml");
    try {
      read(args[0], file);
    } finally {
      Files.delete(file);
    }
    Libc.link();
    for (String module : List.of("watari.core", "watari.host", "watari.app")) {
      loadAll(module);
    }
  }

  private static void read(String verb, Path file) throws IOException {
    if (verb.equals("gateway")) {
      Files.writeString(file, GATEWAY + DOMAINS);
      var _ = EndCommand.valid(GatewayConfig.read(file, Keeping::look));
      var _ = JsonMapper.shared().readTree("{}"); // what it remembers is JSON
    } else {
      Files.writeString(file, RELAY + DOMAINS);
      EndCommand.valid(RelayConfig.read(file)).services().table();
    }
  }

  private static void loadAll(String name) throws IOException {
    var layer = ModuleLayer.boot();
    Module module = layer.findModule(name).orElseThrow();
    ModuleReference reference = layer.configuration().findModule(name).orElseThrow().reference();
    try (var reader = reference.open();
        var files = reader.list()) {
      files
          .filter(file -> file.endsWith(".class") && !file.contains("-info"))
          .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
          .forEach(type -> Class.forName(module, type));
    }
  }
}
