package watari.lab.line;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.proof.Counters;

/// The hosts of one home's line, to which IPv4 is routed too.
///
/// ```
/// home1 --- gateway1 --- access ----------- relay --- internet
///                .2  198.51.100.0/25  .1 .129 /30 .130
/// ```
final class NativeLine implements AutoCloseable {
  static final String HOME = "home1";
  static final String GATEWAY = "gateway1";

  /// What the line gives to the gateway, while it gives it anything.
  static final String OWN = "198.51.100.2";

  static final String ROUTER = "198.51.100.1";

  /// What the gateway shares by MAP-E.
  static final String SHARED = "192.0.2.18";

  static final Duration FAREWELL = Duration.ofSeconds(5);

  private final Workbench bench;
  private final Running relay;

  /// @param folder where files and sockets lie
  NativeLine(Path folder) throws IOException {
    bench = new Workbench(folder);
    relay = bench.relay();
    bench.at(Topology.ACCESS, "ip", "link", "set", "lo", "up");
    ip(Topology.ACCESS, "address add " + ROUTER + "/25 dev home1");
    ip(Topology.ACCESS, "address add 198.51.100.129/30 dev relay0");
    ip(Topology.ACCESS, "route add 203.0.113.0/24 via 198.51.100.130");
    ip(Topology.RELAY, "address add 198.51.100.130/30 dev line0");
    ip(Topology.RELAY, "route add 198.51.100.0/25 via 198.51.100.129");
    ip(Topology.INTERNET, "route add 198.51.100.0/24 via " + Topology.RELAY_IPV4);
  }

  Workbench bench() {
    return bench;
  }

  String ip(String node, String words) throws IOException {
    return bench.at(node, ("ip " + words).split(" ", -1));
  }

  void giveAddress() throws IOException {
    ip(GATEWAY, "address replace " + OWN + "/25 dev wan0");
    ip(GATEWAY, "route replace default via " + ROUTER);
  }

  void takeAddress() throws IOException {
    ip(GATEWAY, "address flush dev wan0 scope global");
    ip(GATEWAY, "-6 address replace " + bench.one().gatewaySide() + "/64 dev wan0");
    ip(GATEWAY, "-6 route replace default via " + bench.one().accessSide());
  }

  /// A gateway's file.
  ///
  /// @param more lines of it
  Path file(String mode, String more) throws IOException {
    return bench.file(
        "mtu: 1500", "mtu: 1500, interface: wan0", "tun:", "mode: " + mode + "\n" + more + "tun:");
  }

  /// A server that says to each who asks which address it sees.
  Running whoAsks(String node, int port) throws IOException {
    return Running.start(
        node + ":" + port,
        bench
            .place(node)
            .command(
                List.of(
                    "socat",
                    "-t30",
                    "TCP4-LISTEN:" + port + ",fork,reuseaddr",
                    "SYSTEM:echo $SOCAT_PEERADDR")));
  }

  /// What a server says to one who asks.
  String ask(String node, String address, int port) throws IOException {
    String server = "TCP4:" + address + ":" + port + ",connect-timeout=5,retry=20,interval=0.2";
    return bench.at(node, "socat", "-u", server, "-").strip();
  }

  JsonNode status() throws IOException {
    return JsonMapper.shared().readTree(bench.ask("status", socket()));
  }

  /// What the household was told of its line: mode, address, how many ports.
  List<String> changes() throws IOException {
    var all = JsonMapper.shared().readTree(bench.ask("events", socket())).path("events");
    return all.valueStream()
        .filter(event -> event.path("event").asString().equals("lineChanged"))
        .map(event ->
            String.join(
                " ",
                event.path("mode").asString(),
                event.path("address").asString(),
                event.path("portCount").asString()))
        .toList();
  }

  Counters counters() throws IOException {
    return Counters.parse(bench.ask("counters", socket()));
  }

  Path socket() {
    return bench.settings().gatewaySocket(bench.one());
  }

  @Override
  public void close() throws IOException {
    relay.close();
    bench.close();
  }
}
