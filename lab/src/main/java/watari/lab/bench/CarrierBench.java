package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import watari.core.rule.Layout;
import watari.host.offload.Counts;
import watari.lab.line.Line;
import watari.lab.line.Manner;
import watari.lab.line.Rights;
import watari.lab.line.Topology;

/// `watari bench relay`: the relay's packets carried by its programs in the kernel, and for
/// contrast by way of the TUN device, beside the kernel's own forwarding of the same IPv4 packets.
public final class CarrierBench {
  /// How it is called.
  public static final String USE =
      "use: watari bench relay [--json FILE] [--docs FOLDER] [--rounds N] [--quick]";

  private static final int[] SIZES = {64, 512, 1400};
  private static final int[] RULES = {4, 10_000, 1_000_000};
  private static final int SMALL = 64;
  private static final int WARM = 100_000;
  private static final int PACKETS = 2_000_000;
  private static final int PACKETS_OF_KERNEL = 500_000;
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

  /// Measures and prints a table.
  ///
  /// @param arguments what follows `bench relay`
  /// @param out takes the lines of the table
  /// @return the exit code, 0 when all was measured
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  public static int run(List<String> arguments, Consumer<String> out) throws IOException {
    var wish = CarrierWish.parse(USE, arguments);
    if (!(Rights.find() instanceof Rights.Here)) {
      throw new IOException("bench relay makes network namespaces: run it as root");
    }
    new CarrierBench(wish, Core.find(), out).measure();
    return 0;
  }

  private void measure() throws IOException {
    conditions().forEach(out);
    out.accept("load at the start: " + load());
    out.accept("");
    out.accept(Versus.head());
    programs();
    if (!wish.isQuick()) {
      device();
    }
    out.accept("");
    out.accept("load at the end: " + load());
    if (wish.json().isPresent()) {
      Page.json(wish.json().get(), values());
    }
    if (wish.docs().isPresent()) {
      var title = "The relay, million packets a second on one core";
      var table = new ArrayList<>(Result.markdownHead());
      rows.forEach(row -> table.add(row.markdown()));
      var charted = rows.stream().map(Result::versus).toList();
      Page.write(
          wish.docs().get(), "relay", new Page(title, conditions(), table, charted, values()));
    }
  }

  private List<Map<String, Object>> values() {
    return rows.stream().map(Result::values).toList();
  }

  private List<String> conditions() {
    return List.of(
        "One core does everything, for both alike: it makes the packets, carries them and drops them at the sink.",
        "*kernel*: its own forwarding of the same IPv4 packets by one route, over cables of its own.",
        "Median (least-most) of %d rounds, taken by turns; bytes of the IPv4 packet; subscribers at random of all rules."
            .formatted(wish.rounds()));
  }

  private void programs() throws IOException {
    try (var stage = RelayStage.open();
        var down = new Sinks(stage, false);
        var up = new Sinks(stage, true)) {
      for (int rules : RULES) {
        programs(stage, rules, down, up);
      }
    }
  }

  /// What counts the kernel's packets in one direction.
  private record Sinks(boolean isUp, Sink sink) implements AutoCloseable {
    Sinks(RelayStage stage, boolean isUp) throws IOException {
      var lane = Lane.second(stage.line(), isUp);
      this(isUp, Sink.open(lane.end(), lane.sink()));
    }

    @Override
    public void close() throws IOException {
      sink.close();
    }
  }

  private void programs(RelayStage stage, int rules, Sinks... sinks) throws IOException {
    var table = ManyRules.table(rules, Layout.RFC7597);
    try (var down = new Counts("watari_down");
        var up = new Counts("watari_up");
        var _ = stage.attach(table, down, up)) {
      for (var there : sinks) {
        for (int size : sizes()) {
          tell(programs(stage, rules, size, there));
        }
      }
    }
  }

  private int[] sizes() {
    return wish.isQuick() ? new int[] {SMALL} : SIZES;
  }

  private Result programs(RelayStage stage, int rules, int size, Sinks there) throws IOException {
    boolean isUp = there.isUp();
    var versus = new Versus(name("programs", isUp, size, rules), "Mpps");
    try (var ours =
            LiveCourse.ofPrograms(
                Lane.own(stage.line(), isUp), RelayStage.own(rules, size, isUp), core);
        var theirs =
            LiveCourse.ofKernel(
                Lane.second(stage.line(), isUp),
                RelayStage.second(rules, size, isUp),
                core,
                there.sink())) {
      var _ = ours.run(WARM);
      var _ = theirs.run(WARM);
      for (int round = 0; round < wish.rounds(); round++) {
        double kernel = theirs.run(packets(PACKETS_OF_KERNEL)).mpps();
        versus.add(ours.run(packets(PACKETS)).mpps(), kernel);
      }
    }
    return new Result(facets("programs", isUp, size, rules), versus, target(size, rules));
  }

  private int packets(int packets) {
    return wish.isQuick() ? packets / QUICK : packets;
  }

  private static double target(int size, int rules) {
    if (size > SMALL) {
      return 0;
    }
    return rules > 10_000 ? 2 : 3;
  }

  private static String name(String door, boolean isUp, int size, int rules) {
    return "%s %s, %d bytes, %,d rule%s"
        .formatted(door, isUp ? "up" : "down", size, rules, rules == 1 ? "" : "s");
  }

  private static Map<String, Object> facets(String door, boolean isUp, int size, int rules) {
    var facets = new LinkedHashMap<String, Object>();
    facets.put("door", door);
    facets.put("direction", isUp ? "up" : "down");
    facets.put("size", size);
    facets.put("rules", rules);
    return facets;
  }

  /// The real relay process, with frames from a socket, as many at a time as its queue holds.
  private void device() throws IOException {
    var topology = new Topology(1, watari.lab.line.Layout.RFC7597);
    try (var line = Line.plan(topology, new Manner(core.prefix(), TunWish.JVM))) {
      line.build();
      line.start();
      var ports = OuterPorts.learn(line);
      for (var direction : List.of(Direction.RELAY_DOWN, Direction.RELAY_UP)) {
        try (var course = new Course(line, direction, core, ports)) {
          for (int size : SIZES) {
            tell(device(course.measure(size, wish.rounds())));
          }
        }
      }
    }
  }

  private static Result device(Row row) {
    boolean isUp = row.direction() == Direction.RELAY_UP;
    var versus = new Versus(name("TUN", isUp, row.size(), 1), "Mpps");
    row.rounds().forEach(round -> versus.add(round.watari().mpps(), round.kernel().mpps()));
    return new Result(facets("tun", isUp, row.size(), 1), versus, 0);
  }

  private void tell(Result row) {
    out.accept(row.line());
    rows.add(row);
  }

  /// The average number of busy threads over 1, 5 and 15 minutes.
  static String load() throws IOException {
    var words = Files.readString(Path.of("/proc/loadavg")).split(" ", -1);
    return String.join(" ", List.of(words).subList(0, 3));
  }
}
