package watari.app.control;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import watari.app.config.GatewayConfig;
import watari.app.config.RelayConfig;
import watari.core.nat.Randomness;
import watari.core.net.Refused;
import watari.core.plan.Plan;
import watari.core.rule.RuleTable;
import watari.host.driver.Batch;
import watari.host.driver.Tun;
import watari.host.engine.Door;
import watari.host.engine.Worker;

/// Runs one gateway or relay from its configuration until it is told to stop.
///
/// What it put into the kernel it takes away again. After `kill -9` the device and its routes go
/// with the process, and what stays is put in place again at the next start, which changes nothing.
public final class Controller {
  private static final int ANSWER_SECONDS_MAX = 5;

  private final String kind;
  private final Plan plan;
  private final Path socket;
  private final Function<Door, TunnelEnd> end;
  private final AtomicReference<@Nullable Worker> running = new AtomicReference<>();
  private volatile boolean isStopping;

  private Controller(String kind, Plan plan, Path socket, Function<Door, TunnelEnd> end) {
    this.kind = kind;
    this.plan = plan;
    this.socket = socket;
    this.end = end;
  }

  public static Controller of(GatewayConfig config) {
    return new Controller(
        "gateway",
        GatewayEnd.plan(config),
        config.socket(),
        door -> new GatewayEnd(config, door, randomness()));
  }

  public static Controller of(RelayConfig config) {
    RuleTable rules = config.services().table();
    return new Controller(
        "relay",
        RelayEnd.plan(config),
        config.socket(),
        door -> new RelayEnd(config, rules, door, randomness()));
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
  /// @throws IOException when the kernel refuses or the device is taken away
  /// @throws Refused when what is wanted does not fit into memory
  public void run(PrintStream out) throws IOException {
    try (var device = Tun.open(plan.device());
        var door = new Door(device);
        var batch = Batch.ofSuperPackets();
        var kernel = new KernelState(plan.device())) {
      TunnelEnd tunnelEnd = end.apply(door);
      var worker = new Worker(door, batch, tunnelEnd.crossing(), Worker::monotonicMillis);
      running.set(worker);
      // The socket first: another process that has it is a reason not to touch the kernel.
      try (var _ = StateSocket.open(socket, question -> answer(worker, tunnelEnd, question))) {
        kernel.become(plan);
        if (isStopping) {
          worker.stop(); // asked before there was a worker
        }
        out.println("watari " + kind + " ready: " + tunnelEnd.summary());
        out.flush();
        worker.run();
      } finally {
        running.set(null);
      }
    }
  }

  /// Ends [#run] soon, from any thread.
  public void stop() {
    isStopping = true;
    Worker worker = running.get();
    if (worker != null) {
      worker.stop();
    }
  }

  private static String answer(Worker worker, TunnelEnd end, String question) {
    return switch (question) {
      case "status" -> json(worker, end::status);
      case "counters" -> json(worker, end::counters);
      default -> "{\"error\":\"the questions are status and counters\"}\n";
    };
  }

  private static String json(Worker worker, Supplier<Map<String, Object>> question) {
    try {
      Map<String, Object> tree = worker.ask(question).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
      return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "{\"error\":\"interrupted\"}\n";
    } catch (ExecutionException | TimeoutException e) {
      return "{\"error\":\"the worker does not answer: " + e.getClass().getSimpleName() + "\"}\n";
    }
  }
}
