package watari.lab.household;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import watari.lab.line.Finished;
import watari.lab.line.Topology;

/// WireGuard in user space at a host.
///
/// @param number of the host in the tunnel's network, 0 for the server
record Wireguard(Neighbourhood neighbourhood, String node, int number, String secret) {

  /// The server's address in the tunnel.
  static final String OFFICE = "10.51.0.100";

  private static final String DEVICE = "wg0";
  private static final int PORT = 51820;

  /// A daemon at a host with a key of its own; it has no peers yet.
  static Wireguard start(Neighbourhood neighbourhood, String node, int number) throws IOException {
    var secret = Finished.demand(List.of("wg", "genkey"), "").strip();
    var wireguard = new Wireguard(neighbourhood, node, number, secret);
    neighbourhood.start(
        node, neighbourhood.withOwnRun(node, "wireguard-go", "--foreground", DEVICE));
    neighbourhood.await(DEVICE, node, wireguard.own("wg", "show", "interfaces"));
    return wireguard;
  }

  /// Makes it the server of `clients`.
  void serve(List<Wireguard> clients) throws IOException {
    var text = new StringBuilder(self()).append("ListenPort = ").append(PORT).append('\n');
    for (var client : clients) {
      text.append(client.asPeer(client.address()));
    }
    configure(text.toString());
    up(OFFICE + "/24");
  }

  /// Makes it a client. It says something each 25 seconds, as most people have it.
  void dial(Wireguard server) throws IOException {
    configure(
        self()
            + server.asPeer(OFFICE)
            + "Endpoint = %s%nPersistentKeepalive = 25%n".formatted(at(Topology.INTERNET_IPV4)));
    up(address() + "/24");
  }

  /// Tells a client that the server is at another address now.
  void redial(Wireguard server, String address) throws IOException {
    demand("wg", "set", DEVICE, "peer", server.publicKey(), "endpoint", at(address));
  }

  /// Where the server sees a client, `ADDRESS:PORT`.
  String seen(Wireguard client) throws IOException {
    var key = client.publicKey();
    return demand("wg", "show", DEVICE, "endpoints")
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private String address() {
    return "10.51.0." + number;
  }

  private String publicKey() throws IOException {
    return Finished.demand(List.of("wg", "pubkey"), secret).strip();
  }

  private String self() {
    return "[Interface]%nPrivateKey = %s%n".formatted(secret);
  }

  private String asPeer(String addresses) throws IOException {
    return "[Peer]%nPublicKey = %s%nAllowedIPs = %s/32%n".formatted(publicKey(), addresses);
  }

  private static String at(String address) {
    return address + ":" + PORT;
  }

  private void configure(String text) throws IOException {
    var file = Files.writeString(neighbourhood.folder(node).resolve("wg.conf"), text);
    demand("wg", "setconf", DEVICE, file.toString());
  }

  private void up(String address) throws IOException {
    neighbourhood.demand(node, "ip", "address", "add", address, "dev", DEVICE);
    neighbourhood.demand(node, "ip", "link", "set", DEVICE, "up");
  }

  private String demand(String... program) throws IOException {
    return neighbourhood.demand(node, own(program));
  }

  private String[] own(String... program) throws IOException {
    return neighbourhood.withOwnRun(node, program);
  }
}
