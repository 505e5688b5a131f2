package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import watari.lab.line.Running;

/// How soon after its start the relay's process carries a packet, and how much memory it holds when
/// it has nothing to do.
///
/// @param seconds from the start of the process to the first packet at the sink
/// @param mebibytes resident some seconds later
record Start(Figures seconds, Figures mebibytes) {
  private static final double SECONDS_MAX = 0.25;
  private static final double MEBIBYTES_MAX = 64;
  private static final int SIZE = 64;

  /// To a subscriber of the first rule.
  private static final Flow FLOW =
      new Flow(RelayStage.REMOTE + 1, Traffic.REMOTE_PORT, ManyRules.ADDRESSES + 1, 5000);

  private static final int MILLIS_BETWEEN_LOOKS = 1;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration REST = Duration.ofSeconds(3);

  /// Starts it so often and lets it end again.
  static Start measure(RelayStage stage, int rounds) throws IOException {
    var lane = Lane.own(stage.line(), false);
    double[] seconds = new double[rounds];
    double[] mebibytes = new double[rounds];
    try (var delays = Delays.open(lane.end(), lane.sink(), true);
        var generator = Generator.open(lane.start(), lane.source());
        var frames = new Frames(lane.cable(), List.of(FLOW), SIZE, List.of())) {
      for (int round = 0; round < rounds; round++) {
        delays.forget();
        long start = System.nanoTime();
        try (var relay = RelayProcess.start(stage, List.of())) {
          awaitPacket(() -> generator.sendEach(frames), delays, start);
          seconds[round] = (System.nanoTime() - start) / 1e9;
          LockSupport.parkNanos(REST.toNanos());
          mebibytes[round] = resident(relay);
        }
      }
    }
    return new Start(Figures.ofSamples(seconds), Figures.ofSamples(mebibytes));
  }

  /// Sends a packet.
  @FunctionalInterface
  private interface Sender {
    void send() throws IOException;
  }

  private static void awaitPacket(Sender sender, Delays delays, long start) throws IOException {
    while (delays.arrived() == 0) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IOException("the relay carried nothing for " + PATIENCE.toSeconds() + " s");
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
        "relay, start to first packet: %s s, <= %.2f %s"
            .formatted(
                Versus.spread(seconds, 2),
                SECONDS_MAX,
                seconds.median() <= SECONDS_MAX ? "met" : "missed"),
        "relay, resident memory at rest: %s MiB, <= %.0f %s"
            .formatted(
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
        value("start to first packet, s", seconds),
        value("resident memory at rest, MiB", mebibytes));
  }

  private static Map<String, Object> value(String name, Figures figures) {
    return Map.of(
        "name", name.toLowerCase(Locale.ROOT),
        "median", figures.median(),
        "least", figures.least(),
        "most", figures.most());
  }
}
