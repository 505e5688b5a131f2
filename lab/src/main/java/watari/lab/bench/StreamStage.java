package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import watari.lab.line.Finished;
import watari.lab.line.Place;
import watari.lab.line.Running;
import watari.lab.line.Topology;

/// [TwoHomes], and the whole way from each to the same Internet host: one through Watari's gateway
/// and relay, whose programs work at traffic control, the other through the kernel's masquerade and
/// two routers. The same hosts do it, over cables that are as many and as long.
///
/// ```
/// home1 --- Watari     --- access ==== relay, Watari ---- internet
/// home2 --- masquerade --- access ---- relay         ---- internet
/// ```
final class StreamStage implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String OFFLOAD = "offload: required\nhook: tc\ninterfaces: ";

  /// The Internet host at the end of the kernel's cables.
  private static final String SERVER_OF_KERNEL = "198.18.2.1";

  private final TwoHomes homes;
  private final List<Running> processes = new ArrayList<>();

  private StreamStage(TwoHomes homes) {
    this.homes = homes;
  }

  /// Builds all of it, and starts Watari.
  static StreamStage open(Core core) throws IOException {
    var stage = new StreamStage(TwoHomes.bare());
    try {
      SecondCables.lay(stage.homes.line());
      stage.routes();
      stage.start(core);
      return stage;
    } catch (IOException failed) {
      stage.close();
      throw failed;
    }
  }

  private void routes() throws IOException {
    homes.at(
        Topology.ACCESS,
        """
        address add 198.18.0.5/30 dev relay1
        route add default via 198.18.0.6
        """);
    homes.at(
        Topology.RELAY,
        """
        address add 198.18.0.6/30 dev line1
        address add 198.18.2.2/24 dev net1
        route add 198.18.0.0/30 via 198.18.0.5
        """);
    homes.at(
        Topology.INTERNET,
        """
        address add %s/24 dev net1
        route add 198.18.0.0/24 via 198.18.2.2
        """
            .formatted(SERVER_OF_KERNEL));
  }

  private void start(Core core) throws IOException {
    processes.add(
        RelayProcess.ofHomes(
            homes.line(),
            core.prefix(),
            OFFLOAD + "{internet: net0, line: " + Topology.RELAY_LINE + "}\n"));
    processes.add(
        GatewayProcess.start(homes, core.prefix(), OFFLOAD + "{lan: lan0, line: wan0}\n"));
    for (var process : processes) {
      process.awaitPart(" ready", PATIENCE);
    }
  }

  /// Lets every cable carry super-packets, or frames only.
  void segment(boolean isWhole) throws IOException {
    var state = isWhole ? "on" : "off";
    for (var home : List.of(homes.watari(), homes.kernel())) {
      turn(home.home(), state, Topology.LAN);
      turn(home.gateway(), state, Topology.LAN, "wan0");
      turn(Topology.ACCESS, state, "home" + home.number());
    }
    turn(Topology.ACCESS, state, "relay0", "relay1");
    turn(Topology.RELAY, state, Topology.RELAY_LINE, "net0", "line1", "net1");
    turn(Topology.INTERNET, state, "net0", "net1");
  }

  private void turn(String node, String state, String... devices) throws IOException {
    for (var device : devices) {
      var command = List.of("ethtool", "-K", device, "tso", state, "gso", state);
      Finished.demand(homes.place(node).command(command), "");
    }
  }

  TwoHomes homes() {
    return homes;
  }

  /// Gbit/s through Watari.
  double ours(StreamServer server, boolean isIn, int seconds) throws IOException {
    return server.gigabits(home(homes.watari().home()), Topology.INTERNET_IPV4, isIn, seconds);
  }

  /// Gbit/s through the kernel alone.
  double theirs(StreamServer server, boolean isIn, int seconds) throws IOException {
    return server.gigabits(home(homes.kernel().home()), SERVER_OF_KERNEL, isIn, seconds);
  }

  private Place home(String name) {
    return homes.place(name);
  }

  @Override
  public void close() throws IOException {
    processes.forEach(Running::close);
    homes.close();
  }
}
