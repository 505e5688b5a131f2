package watari.lab.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.line.Finished;
import watari.lab.line.Running;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// One TCP stream through each of [TwoHomes] by turns, as iperf3 sees it.
final class Streams implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int WARM_SECONDS = 3;
  private static final int ROUND_SECONDS = 2;
  private static final String PORT = "5201";

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
  private final Core core;
  private final Running server;

  private Streams(TwoHomes homes, Core core, Running server) {
    this.homes = homes;
    this.core = core;
    this.server = server;
  }

  /// Starts the Internet's end.
  static Streams open(TwoHomes homes, Core core) throws IOException {
    var command = new ArrayList<>(core.prefix());
    command.addAll(List.of("iperf3", "-s", "-p", PORT, "--forceflush"));
    var server = Running.start("iperf3", homes.place(Topology.INTERNET).command(command));
    try {
      server.await("Server listening", PATIENCE);
      return new Streams(homes, core, server);
    } catch (IOException failed) {
      server.close();
      throw failed;
    }
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
    var command = new ArrayList<>(core.prefix());
    command.addAll(List.of("iperf3", "-J", "-c", Topology.INTERNET_IPV4, "-p", PORT));
    command.addAll(List.of("-t", Integer.toString(seconds)));
    command.addAll(isIn ? List.of("-R") : List.of());
    return received(Finished.demand(homes.place(home.home()).command(command), ""));
  }

  /// Reads what the receiver has got from the report of `iperf3 -J`.
  ///
  /// @throws IOException when it is not there
  static double received(String json) throws IOException {
    try {
      var rate = JsonMapper.shared().readTree(json).path("end").path("sum_received");
      if (rate.path("bits_per_second").isNumber()) {
        return rate.path("bits_per_second").asDouble() / 1e9;
      }
    } catch (JacksonException wrong) {
      throw new IOException("iperf3 -J printed no JSON: " + wrong.getOriginalMessage(), wrong);
    }
    throw new IOException("iperf3 -J printed nothing of what was received: " + json);
  }

  @Override
  public void close() {
    server.close();
  }
}
