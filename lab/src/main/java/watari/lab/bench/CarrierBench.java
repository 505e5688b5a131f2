package watari.lab.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import watari.core.rule.Layout;
import watari.host.offload.Counts;
import watari.lab.bench.RelayProcess.Door;

/// `watari bench relay`: the relay's packets carried by its programs in the kernel, and for
/// contrast by its process, beside the kernel's own forwarding of the same IPv4 packets.
public final class CarrierBench implements LiveBench {
  /// How it is called.
  public static final String USE =
      "use: watari bench relay [--json FILE] [--docs FOLDER] [--rounds N] [--quick]";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PROGRAMS = "programs";
  private static final int[] SIZES = {64, 512, 1400};
  private static final int[] RULES = {4, 10_000, 1_000_000};
  private static final int SMALL = 64;
  private static final int WARM = 100_000;
  private static final int WARM_OF_PROCESS = 400_000;
  private static final int PACKETS = 2_000_000;
  private static final int PACKETS_OF_KERNEL = 500_000;
  private static final int PACKETS_OF_PROCESS = 200_000;
  private static final int QUICK = 10;

  private final CarrierWish wish;
  private final Core core;
  private final Consumer<String> out;
  private final List<Result> rows = new ArrayList<>();

  private CarrierBench(CarrierWish wish, Core core, Consumer<String> out) {
    this.wish = wish;
    this.core = core;
    this.out = out;
  }

  /// Measures and prints a table, as [LiveBench#run] has it.
  ///
  /// @param arguments what follows `bench relay`
  /// @param out takes the lines of the table
  /// @return the exit code, 0 when all was measured
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  public static int run(List<String> arguments, Consumer<String> out) throws IOException {
    return LiveBench.run("relay", USE, arguments, out, CarrierBench::new);
  }

  @Override
  public List<String> conditions() {
    return List.of(
        "One core does everything, for all alike: it makes the packets, carries them and drops them at the sink.",
        "*programs*: the relay's programs at the driver. *TUN* and *AF_XDP*: the relay's process with that `door`;"
            + " it has the core as soon as there are packets, %d at a time."
                .formatted(LiveGenerator.BATCH),
        "*kernel*: its own forwarding of the same IPv4 packets by one route, over cables of its own.",
        "Median (least to most) of %d rounds, taken by turns; bytes of the IPv4 packet; subscribers at random of all rules."
            .formatted(wish.rounds()));
  }

  @Override
  public String head() {
    return Versus.head();
  }

  @Override
  public Page measure() throws IOException {
    try (var stage = RelayStage.open();
        var down = LaneSink.open(Lane.second(stage.line(), false), false);
        var up = LaneSink.open(Lane.second(stage.line(), true), true)) {
      for (int rules : RULES) {
        programs(stage, rules, down, up);
      }
      if (!wish.isQuick()) {
        processes(stage, down, up);
      }
    }
    return Page.ofResults("The relay, million packets a second on one core", conditions(), rows);
  }

  private void programs(RelayStage stage, int rules, LaneSink... sinks) throws IOException {
    var table = ManyRules.table(rules, Layout.RFC7597);
    try (var down = new Counts("watari_down");
        var up = new Counts("watari_up");
        var _ = stage.attach(table, down, up)) {
      for (var there : sinks) {
        for (int size : wish.isQuick() ? new int[] {SMALL} : SIZES) {
          var lane = Lane.own(stage.line(), there.isUp());
          var traffic = RelayStage.own(rules, size, there.isUp());
          try (var ours = LiveCourse.ofPrograms(lane, traffic, core)) {
            compare(stage, ours, new Facets(PROGRAMS, there.isUp(), size, rules), there);
          }
        }
      }
    }
  }

  /// The real relay process, with each of its doors.
  private void processes(RelayStage stage, LaneSink... sinks) throws IOException {
    try (var down = LaneSink.open(Lane.own(stage.line(), false), false);
        var up = LaneSink.open(Lane.own(stage.line(), true), true)) {
      for (var door : Door.values()) {
        try (var relay = RelayProcess.start(stage, core.prefixOfEager(), door)) {
          relay.await("watari relay ready", PATIENCE);
          for (var there : sinks) {
            process(stage, door, there.isUp() ? up : down, there);
          }
        }
      }
    }
  }

  private void process(RelayStage stage, Door door, LaneSink own, LaneSink second)
      throws IOException {
    for (int size : SIZES) {
      var lane = Lane.own(stage.line(), own.isUp());
      var traffic = RelayStage.own(RelayProcess.RULES, size, own.isUp());
      try (var ours = LiveCourse.ofProcess(lane, traffic, core, own.sink())) {
        var facets = new Facets(door.word(), own.isUp(), size, RelayProcess.RULES);
        compare(stage, ours, facets, second);
      }
    }
  }

  private void compare(RelayStage stage, LiveCourse ours, Facets facets, LaneSink there)
      throws IOException {
    var versus = new Versus(facets.name(), "Mpps");
    boolean isProcess = !facets.door.equals(PROGRAMS);
    var traffic = RelayStage.second(facets.rules, facets.size, facets.isUp);
    var lane = Lane.second(stage.line(), facets.isUp);
    try (var theirs = LiveCourse.ofKernel(lane, traffic, core, there.sink())) {
      var _ = ours.run(isProcess ? WARM_OF_PROCESS : WARM);
      var _ = theirs.run(WARM);
      int packets = packets(isProcess ? PACKETS_OF_PROCESS : PACKETS);
      for (int round = 0; round < wish.rounds(); round++) {
        var kernel = theirs.run(packets(PACKETS_OF_KERNEL));
        versus.add(ours.run(packets), kernel);
      }
    }
    var row = new Result(facets.values(), versus, isProcess ? 0 : target(facets));
    out.accept(row.line());
    rows.add(row);
  }

  private int packets(int packets) {
    return wish.isQuick() ? packets / QUICK : packets;
  }

  private static double target(Facets facets) {
    if (facets.size > SMALL) {
      return 0;
    }
    return facets.rules > 10_000 ? 2 : 3;
  }

  /// What tells a row from the others.
  private record Facets(String door, boolean isUp, int size, int rules) {
    String name() {
      return "%s %s, %d bytes, %,d rules".formatted(door, direction(), size, rules);
    }

    private String direction() {
      return isUp ? "up" : "down";
    }

    Map<String, Object> values() {
      var values = new LinkedHashMap<String, Object>();
      values.put("door", door);
      values.put("direction", direction());
      values.put("size", size);
      values.put("rules", rules);
      return values;
    }
  }
}
