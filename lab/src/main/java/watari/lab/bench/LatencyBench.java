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
import watari.lab.bench.RelayProcess.Door;

/// `watari bench latency`: how long a packet is on its way through the relay, beside the kernel's
/// own forwarding; how soon after its start the relay carries one; and its memory at rest.
public final class LatencyBench implements LiveBench {
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

  /// Measures and prints a table, as [LiveBench#run] has it.
  ///
  /// @param arguments what follows `bench latency`
  /// @param out takes the lines of the table
  /// @return the exit code, 0 when all was measured
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  public static int run(List<String> arguments, Consumer<String> out) throws IOException {
    return LiveBench.run("latency", USE, arguments, out, LatencyBench::new);
  }

  @Override
  public List<String> conditions() {
    return List.of(
        "10,000 UDP packets of %d bytes a second, each alone, one way, by the kernel's clock at both ends, in microseconds."
            .formatted(SIZE),
        "The generator keeps one core busy, and what the kernel does to its packets is done there, for all alike."
            + " The relay's process, which runs before all others, has the other cores of %d."
                .formatted(Runtime.getRuntime().availableProcessors()),
        "*programs*: the relay's programs at the driver. *TUN*: its process. Both have %d rules."
            .formatted(RelayProcess.RULES),
        "*kernel*: its own forwarding of the same packets, over cables of its own, taken by turns.",
        "Median (least to most) of %d rounds of %,d packets; *added* is the difference within a round."
            .formatted(wish.rounds(), packets()),
        "Start: from before the process is made to its first packet at the sink, one being sent each millisecond;"
            + " memory: resident some seconds later, without any other packet.");
  }

  @Override
  public String head() {
    return Delay.head();
  }

  @Override
  public Page measure() throws IOException {
    var starts = new ArrayList<Start>();
    try (var stage = RelayStage.open()) {
      programs(stage);
      starts.add(Start.ofRelay(stage, wish.rounds()));
      try (var relay = RelayProcess.start(stage, Core.FIRST, Door.TUN)) {
        relay.await("watari relay ready", PATIENCE);
        compare(stage, Door.TUN.word());
      }
    }
    starts.add(Start.ofGateway(wish.rounds()));
    out.accept("");
    starts.forEach(start -> start.lines().forEach(out));
    return page(starts);
  }

  private Page page(List<Start> starts) {
    var values = new ArrayList<Map<String, Object>>();
    var table = new ArrayList<>(Delay.markdownHead());
    rows.forEach(row -> {
      values.add(row.values());
      table.add(row.markdown());
    });
    table.add("");
    starts.forEach(start -> {
      values.addAll(start.values());
      table.addAll(start.markdown());
    });
    var charted = rows.stream().map(Delay::middle).toList();
    return new Page("Latency of the relay", conditions(), table, charted, values);
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
