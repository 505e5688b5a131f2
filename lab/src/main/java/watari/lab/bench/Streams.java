package watari.lab.bench;

import java.io.IOException;
import java.util.List;
import watari.lab.line.Finished;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// One TCP stream through each of [TwoHomes] by turns, as iperf3 sees it.
final class Streams implements AutoCloseable {
  private static final int WARM_SECONDS = 3;
  private static final int ROUND_SECONDS = 2;

  /// What the cables of the line carry.
  enum Cables {
    /// Super-packets too, as between programs on one machine.
    WHOLE("", "on"),
    /// Frames only, as every real cable.
    FRAMES(", frames", "off");

    private final String word;
    private final String offload;

    Cables(String word, String offload) {
      this.word = word;
      this.offload = offload;
    }
  }

  private final TwoHomes homes;
  private final StreamServer server;

  private Streams(TwoHomes homes, StreamServer server) {
    this.homes = homes;
    this.server = server;
  }

  /// Starts the Internet's end.
  static Streams open(TwoHomes homes, Core core) throws IOException {
    return new Streams(homes, StreamServer.open(homes, core));
  }

  /// Measures one direction.
  ///
  /// @param isIn whether the Internet sends
  Versus measure(boolean isIn, Cables cables, int rounds) throws IOException {
    turn(homes.watari().gateway(), "wan0", cables);
    turn(homes.kernel().gateway(), "wan0", cables);
    turn(Topology.RELAY, Topology.RELAY_LINE, cables);
    var versus = new Versus((isIn ? "TCP in" : "TCP out") + cables.word, "Gbit/s");
    double _ = gigabits(homes.watari(), isIn, WARM_SECONDS);
    for (int round = 0; round < rounds; round++) {
      double kernel = gigabits(homes.kernel(), isIn, ROUND_SECONDS);
      versus.add(gigabits(homes.watari(), isIn, ROUND_SECONDS), kernel);
    }
    return versus;
  }

  private void turn(String node, String device, Cables cables) throws IOException {
    var command = List.of("ethtool", "-K", device, "tso", cables.offload, "gso", cables.offload);
    Finished.demand(homes.place(node).command(command), "");
  }

  private double gigabits(Subscriber home, boolean isIn, int seconds) throws IOException {
    return server.gigabits(homes.place(home.home()), Topology.INTERNET_IPV4, isIn, seconds);
  }

  @Override
  public void close() {
    server.close();
  }
}
