package watari.lab.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.line.Finished;
import watari.lab.line.Place;
import watari.lab.line.Running;
import watari.lab.line.Topology;

/// The Internet's end of TCP streams: `iperf3`, both ends of which work on one core.
final class StreamServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PORT = "5201";

  private final Core core;
  private final Running server;

  private StreamServer(Core core, Running server) {
    this.core = core;
    this.server = server;
  }

  /// Starts it at the Internet host of [TwoHomes].
  static StreamServer open(TwoHomes homes, Core core) throws IOException {
    var command = new ArrayList<>(core.prefix());
    command.addAll(List.of("iperf3", "-s", "-p", PORT, "--forceflush"));
    var server = Running.start("iperf3", homes.place(Topology.INTERNET).command(command));
    try {
      server.await("Server listening", PATIENCE);
      return new StreamServer(core, server);
    } catch (IOException failed) {
      server.close();
      throw failed;
    }
  }

  /// One stream for so many seconds, as who receives it sees it.
  ///
  /// @param address of the server
  /// @param isIn whether the server sends
  double gigabits(Place home, String address, boolean isIn, int seconds) throws IOException {
    var command = new ArrayList<>(core.prefix());
    command.addAll(List.of("iperf3", "-J", "-c", address, "-p", PORT));
    command.addAll(List.of("-t", Integer.toString(seconds)));
    command.addAll(isIn ? List.of("-R") : List.of());
    return received(Finished.demand(home.command(command), ""));
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
