package watari.lab.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import watari.core.rule.Layout;
import watari.host.offload.Counts;
import watari.lab.line.Rights;

/// `watari bench latency`: how long a packet is on its way through the relay, beside the kernel's
/// own forwarding; how soon after its start the relay carries one; and its memory at rest.
public final class LatencyBench {
  /// How it is called.
  public static final String USE =
      "use: watari bench latency [--json FILE] [--docs FOLDER] [--rounds N] [--quick]";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SIZE = 64;
  private static final int GAP_NANOS = 100_000;
  private static final int PACKETS = 10_000;
  private static final int QUICK = 1_000;
  private static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final CarrierWish wish;
  private final Core core;
  private final Consumer<String> out;
  private final List<Delay> rows = new ArrayList<>();

  private LatencyBench(CarrierWish wish, Core core, Consumer<String> out) {
    this.wish = wish;
    this.core = core;
    this.out = out;
  }

  /// Measures and prints a table.
  ///
  /// @param arguments what follows `bench latency`
  /// @param out takes the lines of the table
  /// @return the exit code, 0 when all was measured
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  public static int run(List<String> arguments, Consumer<String> out) throws IOException {
    var wish = CarrierWish.parse(USE, arguments);
    if (!(Rights.find() instanceof Rights.Here)) {
      throw new IOException("bench latency makes network namespaces: run it as root");
    }
    new LatencyBench(wish, Core.find(), out).measure();
    return 0;
  }

  private void measure() throws IOException {
    conditions().forEach(out);
    out.accept("load at the start: " + CarrierBench.load());
    out.accept("");
    out.accept(Delay.head());
    Start start;
    try (var stage = RelayStage.open()) {
      programs(stage);
      start = Start.measure(stage, wish.rounds());
      try (var relay = RelayProcess.start(stage, Core.FIRST)) {
        relay.await("watari relay ready", PATIENCE);
        compare(stage, "TUN");
      }
    }
    out.accept("");
    start.lines().forEach(out);
    out.accept("load at the end: " + CarrierBench.load());
    write(start);
  }

  private void write(Start start) throws IOException {
    var values = new ArrayList<Map<String, Object>>();
    rows.forEach(row -> values.add(row.values()));
    values.addAll(start.values());
    if (wish.json().isPresent()) {
      Page.json(wish.json().get(), values);
    }
    if (wish.docs().isPresent()) {
      var table = new ArrayList<>(Delay.markdownHead());
      rows.forEach(row -> table.add(row.markdown()));
      table.add("");
      table.addAll(start.markdown());
      var charted = rows.stream().map(Delay::middle).toList();
      Page.write(
          wish.docs().get(),
          "latency",
          new Page("Latency of the relay", conditions(), table, charted, values));
    }
  }

  private List<String> conditions() {
    return List.of(
        "10,000 UDP packets of %d bytes a second, one way, by the kernel's clock at both ends, in microseconds."
            .formatted(SIZE),
        "*kernel*: its own forwarding of the same packets, over cables of its own, taken by turns.",
        "Median (least-most) of %d rounds of %,d packets; *added* is the difference within a round."
            .formatted(wish.rounds(), packets()));
  }

  private int packets() {
    return wish.isQuick() ? QUICK : PACKETS;
  }

  private void programs(RelayStage stage) throws IOException {
    try (var down = new Counts("watari_down");
        var up = new Counts("watari_up");
        var _ = stage.attach(ManyRules.table(RelayProcess.RULES, Layout.RFC7597), down, up)) {
      compare(stage, "programs");
    }
  }

  private void compare(RelayStage stage, String way) throws IOException {
    for (boolean isUp : new boolean[] {false, true}) {
      var row = compare(stage, way, isUp);
      out.accept(row.line());
      rows.add(row);
    }
  }

  private Delay compare(RelayStage stage, String way, boolean isUp) throws IOException {
    var own = RelayStage.own(RelayProcess.RULES, SIZE, isUp).every(GAP_NANOS);
    var second = RelayStage.second(RelayProcess.RULES, SIZE, isUp).every(GAP_NANOS);
    var row = new Delay(way, isUp);
    try (var ours = new Watch(Lane.own(stage.line(), isUp), own, !isUp);
        var theirs = new Watch(Lane.second(stage.line(), isUp), second, false)) {
      var _ = ours.run(packets());
      var _ = theirs.run(packets());
      for (int round = 0; round < wish.rounds(); round++) {
        double[] kernel = theirs.run(packets());
        row.add(ours.run(packets()), kernel);
      }
      row.lose(ours.lostOfMillion());
    }
    return row;
  }

  /// Packets at a pace from one end of a lane to the other, and their delays there.
  private final class Watch implements AutoCloseable {
    private final LiveGenerator generator;
    private final Delays delays;
    private long sent;
    private long arrived;

    Watch(Lane lane, Traffic traffic, boolean isTunnelledAtTheEnd) throws IOException {
      core.pin(lane.start());
      delays = Delays.open(lane.end(), lane.sink(), isTunnelledAtTheEnd);
      generator = LiveGenerator.open(lane.start(), lane.source(), traffic, lane.cable());
    }

    /// The shares of [Delay#SHARES], in microseconds.
    double[] run(int packets) throws IOException {
      delays.forget();
      sent += generator.pace(packets);
      LockSupport.parkNanos(LAST_NANOS);
      arrived += delays.arrived();
      return Delay.SHARES.stream().mapToDouble(delays::micros).toArray();
    }

    long lostOfMillion() {
      return Math.round((sent - arrived) * 1e6 / sent);
    }

    @Override
    public void close() {
      generator.close();
      delays.close();
    }
  }
}
