package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import watari.lab.bench.RelayProcess.Door;
import watari.lab.line.Running;

/// How soon after its start a process carries a packet, and how much memory it holds when it has
/// nothing to do.
///
/// @param whose `relay` or `gateway`
/// @param seconds from the start of the process to the first packet at the sink
/// @param mebibytes resident some seconds later
record Start(String whose, Figures seconds, Figures mebibytes) {
  private static final double SECONDS_MAX = 0.25;
  private static final double MEBIBYTES_MAX = 64;
  private static final int SIZE = 64;

  /// To a subscriber of the first rule.
  private static final Flow TO_SUBSCRIBER =
      new Flow(RelayStage.REMOTE + 1, Traffic.REMOTE_PORT, ManyRules.ADDRESSES + 1, 5000);

  /// From a host at home.
  private static final Flow FROM_HOME =
      new Flow(SessionStage.HOME, 50_000, SessionTraffic.REMOTES, Traffic.REMOTE_PORT);

  private static final int MILLIS_BETWEEN_LOOKS = 1;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// The launcher has the JVM give back each 5 seconds what its compilers needed.
  private static final Duration REST = Duration.ofSeconds(12);

  /// Starts a process.
  @FunctionalInterface
  private interface Starter {
    Running start() throws IOException;
  }

  /// Starts a relay so often and lets it end again.
  static Start ofRelay(RelayStage stage, int rounds) throws IOException {
    var lane = Lane.own(stage.line(), false);
    return measure(
        "relay", lane, TO_SUBSCRIBER, () -> RelayProcess.start(stage, List.of(), Door.TUN), rounds);
  }

  /// Starts a gateway so often and lets it end again.
  static Start ofGateway(int rounds) throws IOException {
    try (var stage = SessionStage.open()) {
      return measure(
          "gateway",
          stage.own(true),
          FROM_HOME,
          () -> GatewayProcess.start(stage.homes(), List.of(), ""),
          rounds);
    }
  }

  private static Start measure(String whose, Lane lane, Flow flow, Starter starter, int rounds)
      throws IOException {
    double[] seconds = new double[rounds];
    double[] mebibytes = new double[rounds];
    try (var delays = Delays.open(lane.end(), lane.sink(), true);
        var generator = Generator.open(lane.start(), lane.source());
        var frames = new Frames(lane.cable(), List.of(flow), SIZE, List.of())) {
      try (var first = starter.start()) { // of a build, it makes the archive for all others
        first.awaitPart(" ready: ", PATIENCE);
      }
      for (int round = 0; round < rounds; round++) {
        delays.forget();
        long start = System.nanoTime();
        try (var process = starter.start()) {
          awaitPacket(() -> generator.sendEach(frames), delays, start);
          seconds[round] = (System.nanoTime() - start) / 1e9;
          LockSupport.parkNanos(REST.toNanos());
          mebibytes[round] = resident(process);
        }
      }
    }
    return new Start(whose, Figures.ofSamples(seconds), Figures.ofSamples(mebibytes));
  }

  /// Sends a packet.
  @FunctionalInterface
  private interface Sender {
    void send() throws IOException;
  }

  private static void awaitPacket(Sender sender, Delays delays, long start) throws IOException {
    while (delays.arrived() == 0) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IOException("nothing was carried for " + PATIENCE.toSeconds() + " s");
      }
      sender.send();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS_BETWEEN_LOOKS));
    }
  }

  private static double resident(Running process) throws IOException {
    return kibibytes(Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")))
        / 1024.0;
  }

  /// Reads the resident memory from what proc(5) says of a process.
  static long kibibytes(List<String> status) throws IOException {
    for (var line : status) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("the process has ended");
  }

  List<String> lines() {
    return List.of(
        "%s, start to first packet: %s s, <= %.2f %s"
            .formatted(
                whose,
                Versus.spread(seconds, 2),
                SECONDS_MAX,
                seconds.median() <= SECONDS_MAX ? "met" : "missed"),
        "%s, resident memory at rest: %s MiB, <= %.0f %s"
            .formatted(
                whose,
                Versus.spread(mebibytes, 0),
                MEBIBYTES_MAX,
                mebibytes.median() <= MEBIBYTES_MAX ? "met" : "missed"));
  }

  List<String> markdown() {
    return lines().stream().map(line -> "* " + line).toList();
  }

  /// For JSON.
  List<Map<String, Object>> values() {
    return List.of(
        values("start to first packet", "s", seconds, SECONDS_MAX),
        values("resident memory at rest", "MiB", mebibytes, MEBIBYTES_MAX));
  }

  private Map<String, Object> values(String name, String unit, Figures figures, double target) {
    var values = new LinkedHashMap<String, Object>();
    values.put("name", name);
    values.put("whose", whose);
    values.put("unit", unit);
    values.put("median", figures.median());
    values.put("least", figures.least());
    values.put("most", figures.most());
    values.put("target", target);
    values.put("met", figures.median() <= target);
    return values;
  }
}
