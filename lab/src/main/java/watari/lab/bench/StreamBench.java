package watari.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/// `watari bench tcp`: one TCP stream through a gateway and a relay whose programs work at traffic
/// control, beside the kernel's own forwarding with masquerade.
public final class StreamBench implements LiveBench {
  /// How it is called.
  public static final String USE =
      "use: watari bench tcp [--json FILE] [--docs FOLDER] [--rounds N] [--quick]";

  /// The programs hear once a second who is whose neighbour; until then Java has the packets.
  private static final int WARM_SECONDS = 3;

  private static final int ROUND_SECONDS = 2;
  private static final int QUICK_SECONDS = 1;
  private static final double TARGET_WHOLE = 0.8;
  private static final double TARGET_CUT = 1.2;

  private final CarrierWish wish;
  private final Core core;
  private final Consumer<String> out;
  private final List<Result> rows = new ArrayList<>();

  private StreamBench(CarrierWish wish, Core core, Consumer<String> out) {
    this.wish = wish;
    this.core = core;
    this.out = out;
  }

  /// Measures and prints a table, as [LiveBench#run] has it.
  ///
  /// @param arguments what follows `bench tcp`
  /// @param out takes the lines of the table
  /// @return the exit code, 0 when all was measured
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  public static int run(List<String> arguments, Consumer<String> out) throws IOException {
    return LiveBench.run("tcp", USE, arguments, out, StreamBench::new);
  }

  @Override
  public List<String> conditions() {
    return List.of(
        "One stream of iperf3, home to Internet (out) or back (in), through Watari's gateway and relay with `hook: tc`;"
            + " one core does everything: both ends of the stream, every host between, the processes.",
        "*kernel*: its own forwarding with `masquerade` of nftables through the same hosts, over cables of its own.",
        "Segmentation *on*: the cables carry super-packets; *off* (`tso off gso off` at every end of a cable): frames only.",
        "Median (least to most) of %d rounds of %d s, taken by turns."
            .formatted(wish.rounds(), seconds()));
  }

  private int seconds() {
    return wish.isQuick() ? QUICK_SECONDS : ROUND_SECONDS;
  }

  @Override
  public String head() {
    return Versus.head();
  }

  @Override
  public Page measure() throws IOException {
    try (var stage = StreamStage.open(core);
        var server = StreamServer.open(stage.homes(), core)) {
      for (boolean isWhole : new boolean[] {true, false}) {
        stage.segment(isWhole);
        for (boolean isIn : new boolean[] {false, true}) {
          measure(stage, server, isWhole, isIn);
        }
      }
    }
    return Page.ofResults(
        "One TCP stream through gateway and relay, Gbit/s on one core", conditions(), rows);
  }

  private void measure(StreamStage stage, StreamServer server, boolean isWhole, boolean isIn)
      throws IOException {
    var state = isWhole ? "on" : "off";
    var direction = isIn ? "in" : "out";
    var versus = new Versus("TCP %s, segmentation %s".formatted(direction, state), "Gbit/s");
    double _ = stage.ours(server, isIn, WARM_SECONDS);
    double _ = stage.theirs(server, isIn, WARM_SECONDS);
    for (int round = 0; round < wish.rounds(); round++) {
      double kernel = stage.theirs(server, isIn, seconds());
      versus.add(stage.ours(server, isIn, seconds()), kernel);
    }
    var facets = new LinkedHashMap<String, Object>();
    facets.put("hook", "tc");
    facets.put("direction", direction);
    facets.put("segmentation", state);
    double target = isWhole ? TARGET_WHOLE : TARGET_CUT;
    var row = new Result(facets, versus, isIn ? 0 : target);
    out.accept(row.line());
    rows.add(row);
  }
}
