package watari.app.control;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import watari.app.config.Checked;
import watari.app.config.GatewayConfig;
import watari.app.config.RelayConfig;
import watari.core.nat.Randomness;
import watari.core.net.Refused;
import watari.core.plan.Plan;
import watari.core.rule.RuleTable;
import watari.host.driver.Driver;
import watari.host.driver.Tun;
import watari.host.engine.Door;
import watari.host.engine.Stations;
import watari.host.engine.Worker;
import watari.host.engine.Workers;

/// Runs one gateway or relay from its configuration until it is told to stop.
///
/// What it put into the kernel it takes away again. After `kill -9` the device and its routes go
/// with the process, and what stays is put in place again at the next start, which changes nothing.
public final class Controller {
  private final String kind;
  private final Plan plan;
  private final Path socket;
  private final int workers;
  private final Opening opening;
  private final Function<List<Door>, TunnelEnd> end;
  private final AtomicReference<@Nullable Workers> running = new AtomicReference<>();
  private volatile boolean isStopping;

  /// What packets come and go by, one for each worker, when the device is there.
  @FunctionalInterface
  private interface Opening {
    List<? extends Driver> open(List<Tun> queues) throws IOException;
  }

  private Controller(
      String kind,
      Plan plan,
      Path socket,
      int workers,
      Opening opening,
      Function<List<Door>, TunnelEnd> end) {
    this.kind = kind;
    this.plan = plan;
    this.socket = socket;
    this.workers = workers;
    this.opening = opening;
    this.end = end;
  }

  /// Of a gateway.
  ///
  /// @param source what its file says whenever it is read
  /// @throws IOException when the kernel does not say what the line is
  public static Controller of(GatewayConfig config, Supplier<Checked<GatewayConfig>> source)
      throws IOException {
    var start = GatewayEnd.Start.of(config);
    return new Controller(
        "gateway",
        start.plan(),
        config.socket(),
        1,
        queues -> queues,
        doors -> new GatewayEnd(start, source, doors.getFirst(), randomness()));
  }

  /// Of a relay.
  ///
  /// @param source what its file says whenever it is read
  public static Controller of(RelayConfig config, Supplier<Checked<RelayConfig>> source) {
    RuleTable rules = config.services().table();
    var cards = RelayCards.of(config);
    return new Controller(
        "relay",
        RelayEnd.plan(config),
        config.socket(),
        RelayEnd.workers(config, Runtime.getRuntime().availableProcessors()),
        cards::open,
        doors -> new RelayEnd(config, rules, source, doors, cards, randomness()));
  }

  private static Randomness randomness() {
    var random = new SecureRandom();
    return new Randomness(random.nextLong(), random.nextLong());
  }

  /// What would be put into the kernel.
  public Plan plan() {
    return plan;
  }

  /// Carries packets until [#stop].
  ///
  /// @param out where the line goes that says that traffic can flow
  /// @param listener hears what happens, on a thread of its own
  /// @throws IOException when the kernel refuses or the device is taken away
  /// @throws Refused when what is wanted does not fit into memory
  public void run(PrintStream out, Consumer<Told> listener) throws IOException {
    try (var stations = new Stations(opened());
        var kernel = new KernelState(plan.device())) {
      try (var tunnelEnd = end.apply(stations.doors())) {
        var crew = stations.workers(tunnelEnd.crossings(), Worker::monotonicMillis);
        running.set(crew);
        run(crew, tunnelEnd, kernel, out, listener);
      } finally {
        running.set(null);
      }
    }
  }

  private List<? extends Driver> opened() throws IOException {
    List<Tun> queues = Tun.open(plan.device(), workers);
    try {
      return opening.open(queues);
    } catch (IOException | RuntimeException failed) {
      queues.forEach(Tun::close);
      throw failed;
    }
  }

  private void run(
      Workers crew,
      TunnelEnd tunnelEnd,
      KernelState kernel,
      PrintStream out,
      Consumer<Told> listener)
      throws IOException {
    try (var reload = new Reload(crew, tunnelEnd, kernel::become, plan)) {
      var questions = new Questions(crew.first(), tunnelEnd, reload);
      // The socket first: another process that has it is a reason not to touch the kernel.
      try (var _ = StateSocket.open(socket, questions::answer)) {
        kernel.become(plan);
        if (isStopping) {
          crew.stop(); // asked before there were workers
        }
        tunnelEnd.serve(crew);
        out.println("watari " + kind + " ready: " + tunnelEnd.summary());
        out.flush();
        try (var _ = Repeating.start("news", () -> questions.tell(listener));
            var _ = Repeating.start("line", reload::follow);
            var _ = Repeating.start("tidy", tunnelEnd::tidy)) {
          crew.run();
        }
      }
    }
  }

  /// Ends [#run] soon, from any thread.
  public void stop() {
    isStopping = true;
    Workers crew = running.get();
    if (crew != null) {
      crew.stop();
    }
  }
}
