package watari.lab.household;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import watari.lab.Until;
import watari.lab.line.Finished;
import watari.lab.line.Line;
import watari.lab.line.Running;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;
import watari.lab.proof.Counters;
import watari.lab.proof.Endpoint;
import watari.lab.proof.Stage;

/// A line with homes on which tests run the programs of other people.
final class Neighbourhood implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Runs a program with a folder of its own at `/run`: some keep a file there under a fixed name,
  /// as if a machine had only one of them.
  private static final String OWN_RUN = "mount --bind \"$1\" /run && shift && exec \"$@\"";

  private final Line line;
  private final Stage stage;
  private final List<Running> programs = new ArrayList<>();

  private Neighbourhood(Line line, Stage stage) {
    this.line = line;
    this.stage = stage;
  }

  /// Something to do on a line before it starts.
  interface Preparation {
    void on(Line line) throws IOException;
  }

  /// Homes whose gateways are as the lab has them.
  static Neighbourhood open(Topology topology) throws IOException {
    return open(topology, _ -> {});
  }

  /// Homes whose gateways are told more.
  static Neighbourhood open(Topology topology, Preparation preparation) throws IOException {
    var line = Line.plan(topology);
    try {
      line.build();
      preparation.on(line);
      line.start();
      return new Neighbourhood(line, Stage.open(line));
    } catch (IOException failed) {
      line.close();
      throw failed;
    }
  }

  Line line() {
    return line;
  }

  Subscriber home(int number) {
    return line.topology().subscriber(number);
  }

  /// Runs a program at a host to its end.
  Finished run(String node, String... program) throws IOException {
    return Finished.run(line.place(node).command(List.of(program)));
  }

  /// Runs a program at a host that must succeed.
  ///
  /// @return what it printed
  String demand(String node, String... program) throws IOException {
    return Finished.demand(line.place(node).command(List.of(program)), "");
  }

  /// Runs a program at a host again and again until it prints `part`.
  ///
  /// @return what it printed then
  /// @throws IOException when it does not; the message holds what it printed last
  String await(String part, String node, String... program) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    var said = run(node, program).output();
    while (!said.contains(part)) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("'" + part + "' is not in: " + said.strip());
      }
      said = run(node, program).output();
    }
    return said;
  }

  /// Starts a program at a host; it ends with the neighbourhood at the latest.
  Running start(String node, String... program) throws IOException {
    var running = Running.start(program[0], line.place(node).command(List.of(program)));
    programs.add(running);
    return running;
  }

  /// A folder for the files of a host's programs.
  Path folder(String node) throws IOException {
    return Files.createDirectories(line.folder().resolve("at-" + node));
  }

  /// The words that run a program with a `/run` of the host's own.
  String[] withOwnRun(String node, String... program) throws IOException {
    var run = Files.createDirectories(folder(node).resolve("run"));
    var words = new ArrayList<>(List.of("sh", "-c", OWN_RUN, "sh", run.toString()));
    words.addAll(List.of(program));
    return words.toArray(String[]::new);
  }

  Counters counters(Subscriber home) throws IOException {
    return Counters.parse(line.gatewayCounters(home));
  }

  Counters relayCounters() throws IOException {
    return Counters.parse(line.relayCounters());
  }

  /// Runs `curl` at a host, which must succeed.
  ///
  /// @return where the server saw it come from
  Endpoint curl(String node, String url) throws IOException {
    var said = demand(node, "curl", "-sS", "--max-time", "30", url);
    return Endpoint.parse(said.replaceAll("[<>]", ""));
  }

  /// How much each counter of a home's gateway grew since `before`.
  Map<String, Long> grown(Subscriber home, Counters before) throws IOException {
    return counters(home).since(before);
  }

  /// Waits until a home's gateway drops packets for a reason.
  void awaitDrop(Subscriber home, Counters before, String drop) throws IOException {
    Until.seen("that " + drop + " moves", () -> grown(home, before).containsKey(drop));
  }

  @Override
  public void close() throws IOException {
    programs.forEach(Running::ask);
    programs.forEach(Running::close);
    stage.close();
    line.close();
  }
}
