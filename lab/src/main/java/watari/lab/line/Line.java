package watari.lab.line;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A line that works: the hosts of a [Topology] with a gateway process in each home's gateway and a
/// relay process at the other end. Closing it removes all of it.
public final class Line implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Topology topology;
  private final Manner manner;
  private final Jvm jvm;
  private final Namespaces namespaces;
  private final Settings settings;
  private final Map<String, Running> processes = new LinkedHashMap<>();
  private final Map<Subscriber, String> wishes = new LinkedHashMap<>();
  private boolean closed;

  private Line(Topology topology, Manner manner, Jvm jvm, long pid) throws IOException {
    this.topology = topology;
    this.manner = manner;
    this.jvm = jvm;
    this.namespaces = new Namespaces(pid);
    this.settings = new Settings(topology, Files.createTempDirectory(Leftovers.prefix(pid)));
  }

  /// An empty line with a name of this process; [#build] makes it real. What dead labs left behind
  /// is removed first.
  public static Line plan(Topology topology) throws IOException {
    return plan(topology, Manner.SMALL);
  }

  /// The same, with gateways and relay run in a manner of the caller's.
  public static Line plan(Topology topology, Manner manner) throws IOException {
    Leftovers.removeOfTheDead();
    return new Line(topology, manner, Jvm.here(), ProcessHandle.current().pid());
  }

  /// Makes the hosts and joins them; nothing carries IPv4 across the access network yet.
  public void build() throws IOException {
    namespaces.build(topology);
  }

  /// Adds lines to a gateway's file in place of those added before; they count when it is started,
  /// or told to read its file again.
  public void configure(Subscriber subscriber, String lines) throws IOException {
    wishes.put(subscriber, lines);
    write(subscriber);
  }

  private void write(Subscriber subscriber) throws IOException {
    var text = settings.gateway(subscriber) + wishes.getOrDefault(subscriber, "");
    Files.writeString(settings.gatewayFile(subscriber), text);
  }

  /// Starts the relay and the gateways and waits until traffic can flow.
  public void start() throws IOException {
    Files.writeString(settings.rulesFile(), settings.rules());
    Files.writeString(settings.relayFile(), settings.relay());
    launch("relay", Topology.RELAY, settings.relayFile());
    start(topology.subscribers());
  }

  /// Starts some of the gateways, where something else stands at the relay's place, and waits until
  /// traffic can flow.
  public void start(List<Subscriber> subscribers) throws IOException {
    Files.writeString(settings.rulesFile(), settings.rules());
    for (var subscriber : subscribers) {
      var file = settings.gatewayFile(subscriber);
      write(subscriber);
      launch("gateway", subscriber.gateway(), file);
    }
    for (var process : ready().entrySet()) {
      process.getValue().await("watari " + verb(process.getKey()) + " ready", PATIENCE);
    }
  }

  public Topology topology() {
    return topology;
  }

  /// The host of that name in the topology.
  public Place place(String node) {
    return namespaces.place(node);
  }

  /// The counters of the relay as it prints them (JSON).
  public String relayCounters() throws IOException {
    return ask("counters", Topology.RELAY, settings.relaySocket());
  }

  /// The counters of a gateway as it prints them (JSON).
  public String gatewayCounters(Subscriber subscriber) throws IOException {
    return ask("counters", subscriber.gateway(), settings.gatewaySocket(subscriber));
  }

  /// What a gateway says of itself (JSON).
  public String gatewayStatus(Subscriber subscriber) throws IOException {
    return ask("status", subscriber.gateway(), settings.gatewaySocket(subscriber));
  }

  /// What happened at a gateway that a person should hear of (JSON).
  public String gatewayEvents(Subscriber subscriber) throws IOException {
    return ask("events", subscriber.gateway(), settings.gatewaySocket(subscriber));
  }

  /// Lets a gateway read its file again while it runs.
  public void reload(Subscriber subscriber) throws IOException {
    ask("reload", subscriber.gateway(), settings.gatewaySocket(subscriber));
  }

  /// Ends a gateway as `kill -9` does, starts it again and waits until traffic can flow.
  public void killAndStart(Subscriber subscriber) throws IOException {
    running(subscriber).kill();
    launch("gateway", subscriber.gateway(), settings.gatewayFile(subscriber));
    running(subscriber).await("watari gateway ready", PATIENCE);
  }

  private Running running(Subscriber subscriber) {
    synchronized (processes) {
      return Objects.requireNonNull(processes.get(subscriber.gateway()), "not started");
    }
  }

  /// What a gateway says of a file with which it cannot run.
  ///
  /// @param lines added to those of the lab, as in [#configure]
  public Finished refusal(Subscriber subscriber, String lines) throws IOException {
    var file = settings.folder().resolve("refused.yaml");
    Files.writeString(file, settings.gateway(subscriber) + lines);
    var program = jvm.product(manner, List.of("gateway", "-c", file.toString()));
    return Finished.run(place(subscriber.gateway()).command(program));
  }

  /// Where the configuration files and the sockets lie.
  public Path folder() {
    return settings.folder();
  }

  /// Ends the processes and removes every host. A second call does nothing.
  @Override
  public void close() throws IOException {
    var leaving = farewell();
    leaving.forEach(Running::ask);
    leaving.forEach(Running::close);
    namespaces.close();
  }

  private void launch(String verb, String node, Path file) throws IOException {
    var program = jvm.product(manner, List.of(verb, "-c", file.toString()));
    var command = place(node).command(program);
    synchronized (processes) {
      if (closed) {
        throw new IOException("the lab was ended while it was starting");
      }
      processes.put(node, Running.start(node, command));
    }
  }

  private Map<String, Running> ready() {
    synchronized (processes) {
      return new LinkedHashMap<>(processes);
    }
  }

  /// What has to end; nothing can start from now on.
  private List<Running> farewell() {
    synchronized (processes) {
      closed = true;
      var leaving = List.copyOf(processes.values());
      processes.clear();
      return leaving;
    }
  }

  private static String verb(String node) {
    return node.equals(Topology.RELAY) ? "relay" : "gateway";
  }

  private String ask(String question, String node, Path socket) throws IOException {
    var program = jvm.product(List.of(question, "--socket", socket.toString()));
    var finished = Finished.run(place(node).command(program));
    if (finished.exit() != 0) {
      throw new IOException(
          "'watari " + question + "' at " + node + ": " + finished.output().strip());
    }
    return finished.output();
  }
}
