package watari.lab.household;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import watari.lab.line.Finished;
import watari.lab.line.Running;
import watari.lab.line.Topology;

/// OpenVPN over UDP at a host, with a certificate that the other end knows by its fingerprint.
record Openvpn(Neighbourhood neighbourhood, String node, String fingerprint) {

  /// The server's address in the tunnel.
  static final String OFFICE = "10.52.0.1";

  private static final Path KEYTOOL = Path.of(System.getProperty("java.home"), "bin", "keytool");
  private static final String PASSWORD = "nobody reads this";
  private static final String READY = "Initialization Sequence Completed";

  private static final String SERVER =
      """
      topology subnet
      server 10.52.0.0 255.255.255.0
      keepalive 5 30
      dh none
      """;

  /// A host that has a certificate.
  static Openvpn certified(Neighbourhood neighbourhood, String node) throws IOException {
    var folder = neighbourhood.folder(node);
    Files.writeString(folder.resolve("openvpn.password"), PASSWORD);
    keytool(folder, "-genkeypair", "-keyalg", "EC", "-alias", "own", "-dname", "CN=" + node);
    var certificate = keytool(folder, "-list", "-alias", "own");
    return new Openvpn(
        neighbourhood, node, certificate.replaceFirst("(?s).*\\(SHA-256\\): ", "").strip());
  }

  /// Starts the server for `clients`.
  Running serve(List<Openvpn> clients) throws IOException {
    var known = clients.stream().map(Openvpn::fingerprint).collect(Collectors.joining("\n"));
    return start(SERVER, known);
  }

  /// Starts a client and waits until it is connected.
  Running dial(Openvpn server) throws IOException {
    return start(client(), server.fingerprint);
  }

  private Running start(String settings, String known) throws IOException {
    var folder = neighbourhood.folder(node);
    var file = Files.writeString(folder.resolve("openvpn.conf"), settings + both(folder, known));
    var running = neighbourhood.start(node, "openvpn", "--config", file.toString());
    running.await(READY, Neighbourhood.PATIENCE);
    return running;
  }

  private static String keytool(Path folder, String... words) throws IOException {
    var command = new ArrayList<>(List.of(KEYTOOL.toString()));
    command.addAll(List.of(words));
    command.addAll(List.of("-keystore", store(folder), "-storepass", PASSWORD));
    return Finished.demand(command, "");
  }

  private static String store(Path folder) {
    return folder.resolve("openvpn.p12").toString();
  }

  private static String client() {
    return """
    client
    nobind
    remote %s
    """
        .formatted(Topology.INTERNET_IPV4);
  }

  private static String both(Path folder, String known) {
    return """
    dev tun52
    dev-type tun
    proto udp
    suppress-timestamps
    pkcs12 %s
    askpass %s
    <peer-fingerprint>
    %s
    </peer-fingerprint>
    """
        .formatted(store(folder), folder.resolve("openvpn.password"), known);
  }
}
