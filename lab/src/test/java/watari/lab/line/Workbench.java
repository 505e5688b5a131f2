package watari.lab.line;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The hosts of one home's line, on which a test starts, ends and kills the processes itself.
final class Workbench implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Topology topology = new Topology(1, Layout.RFC7597);
  private final Namespaces namespaces = new Namespaces(ProcessHandle.current().pid());
  private final Settings settings;

  /// @param folder where files and sockets lie
  Workbench(Path folder) throws IOException {
    settings = new Settings(topology, folder);
    namespaces.build(topology);
    // An answer of each neighbour means that the devices have their carriers and routes.
    at(one().home(), "ping", "-nc1", "-W10", one().gatewayLan());
    at(one().gateway(), "ping", "-nc1", "-W10", one().accessSide());
    Files.writeString(settings.rulesFile(), settings.rules());
    Files.writeString(settings.relayFile(), settings.relay());
  }

  /// Lets the cables of the relay be like those of cards: the other end of a pair takes frames from
  /// a program only so, and a card would have finished the checksums that a pair leaves open, which
  /// a program cannot.
  void likeCardsAtRelay() throws IOException {
    at(Topology.ACCESS, "ethtool", "-K", "relay0", "gro", "on");
    at(Topology.INTERNET, "ethtool", "-K", "net0", "gro", "on");
    at(Topology.INTERNET, "ethtool", "-K", "net0", "tx", "off");
  }

  Subscriber one() {
    return topology.subscriber(1);
  }

  Settings settings() {
    return settings;
  }

  Running relay() throws IOException {
    return ready(start(Topology.RELAY, List.of(), "relay", settings.relayFile()));
  }

  /// A relay that carries packets.
  ///
  /// @param lines added to the usual file
  Running relay(String lines) throws IOException {
    return ready(start(Topology.RELAY, List.of(), "relay", relayFile(lines)));
  }

  /// What a relay says that cannot start.
  ///
  /// @param lines added to the usual file
  Finished relayRefusal(String lines) throws IOException {
    return refusal(start(Topology.RELAY, List.of(), "relay", relayFile(lines)));
  }

  /// A relay that has lost rights.
  ///
  /// @param before the words of a program that takes something away and starts the rest
  Running relayBehind(String lines, String... before) throws IOException {
    return ready(start(Topology.RELAY, List.of(before), "relay", relayFile(lines)));
  }

  private Path relayFile(String lines) throws IOException {
    return Files.writeString(
        settings.folder().resolve("relay-other.yaml"), settings.relay() + lines);
  }

  /// A gateway that carries packets.
  Running gateway(Path file) throws IOException {
    return ready(start(one().gateway(), List.of(), "gateway", file));
  }

  /// The same of a gateway that has lost rights, or none.
  ///
  /// @param lines added to the usual file
  Running gatewayBehind(String lines, String... before) throws IOException {
    return ready(start(one().gateway(), List.of(before), "gateway", gatewayFile(lines)));
  }

  private Path gatewayFile(String lines) throws IOException {
    return Files.writeString(settings.gatewayFile(one()), settings.gateway(one()) + lines);
  }

  private static Running ready(Running running) throws IOException {
    try {
      running.await("watari ", PATIENCE);
      return running;
    } catch (IOException failed) {
      running.close();
      throw failed;
    }
  }

  /// What a gateway says that cannot start.
  ///
  /// @param before the words of a program that takes something away and starts the rest
  Finished refusal(Path file, String... before) throws IOException {
    return refusal(start(one().gateway(), List.of(before), "gateway", file));
  }

  private static Finished refusal(Running started) throws IOException {
    try (var running = started) {
      int exit = running.ended(PATIENCE);
      return new Finished(exit, String.join("\n", running.whole(PATIENCE)));
    }
  }

  private Running start(String node, List<String> before, String verb, Path file)
      throws IOException {
    var command = new ArrayList<>(before);
    command.addAll(Jvm.here().product(List.of(verb, "-c", file.toString())));
    return Running.start(verb, namespaces.place(node).command(command));
  }

  /// A gateway's file.
  ///
  /// @param changes pairs: a text of the usual file, and what stands in its place
  Path file(String... changes) throws IOException {
    var text = settings.gateway(one());
    for (int index = 0; index < changes.length; index += 2) {
      text = text.replace(changes[index], changes[index + 1]);
    }
    return Files.writeString(settings.gatewayFile(one()), text);
  }

  /// Runs a program of other people at a host; it must succeed.
  String at(String node, String... program) throws IOException {
    return Finished.demand(namespaces.place(node).command(List.of(program)), "");
  }

  /// Runs a program of other people at a host that may fail, and gives what it says.
  String tried(String node, String... program) throws IOException {
    return Finished.run(namespaces.place(node).command(List.of(program))).output();
  }

  Place place(String node) {
    return namespaces.place(node);
  }

  /// A number that the relay or the gateway counts.
  long counted(Path socket, String pointer) throws IOException {
    return JsonMapper.shared().readTree(ask("counters", socket)).at(pointer).asLong();
  }

  /// What the relay or the gateway says of its offload.
  JsonNode offload(Path socket) throws IOException {
    return JsonMapper.shared().readTree(ask("status", socket)).path("offload");
  }

  /// What a gateway or relay answers at a socket.
  String ask(String question, Path socket) throws IOException {
    return Finished.demand(
        Jvm.here().product(List.of(question, "--socket", socket.toString())), "");
  }

  /// Devices, routes and proxy neighbours of a host.
  String kernel(String node) throws IOException {
    var links = at(node, "ip", "-oneline", "link").lines().map(line -> line.split(" ", -1)[1]);
    return links.collect(Collectors.joining(" ", "", "\n"))
        + at(node, "ip", "-4", "route")
        + at(node, "ip", "-6", "route")
        + at(node, "ip", "-6", "neigh", "show", "proxy");
  }

  /// Demands that packets of the home cross the line.
  void demandCrossing() throws IOException {
    at(one().home(), "ping", "-nc1", "-W10", Topology.INTERNET_IPV4);
  }

  @Override
  public void close() throws IOException {
    namespaces.close();
  }
}
