package watari.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import watari.lab.line.Layout;
import watari.lab.line.Line;
import watari.lab.line.Manner;
import watari.lab.line.Rights;
import watari.lab.line.Topology;

/// `watari bench tun`: packets through the real gateway and relay, over the cables of the lab,
/// beside the kernel's own IPv4 forwarding over the same cables.
public final class TunBench {
  /// How it is called.
  public static final String USE =
      "use: watari bench tun [--json FILE] [--rounds N]"
          + " [--only relay-down|relay-up|gateway-out|gateway-in] [--jvm OPTIONS]";

  private static final int[] SIZES = {64, 1400};

  private final TunWish wish;
  private final Core core;
  private final Line line;
  private final Consumer<String> out;
  private final Map<Direction, Course> courses = new EnumMap<>(Direction.class);

  private TunBench(TunWish wish, Core core, Line line, Consumer<String> out) {
    this.wish = wish;
    this.core = core;
    this.line = line;
    this.out = out;
  }

  /// Measures and prints a table.
  ///
  /// @param arguments what follows `bench tun`
  /// @param out takes the lines of the table
  /// @return the exit code, 0 when all was measured
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  public static int run(List<String> arguments, Consumer<String> out) throws IOException {
    var wish = TunWish.parse(arguments);
    if (!(Rights.find() instanceof Rights.Here)) {
      throw new IOException("bench tun makes network namespaces: run it as root");
    }
    var core = Core.find();
    var topology = new Topology(1, Layout.RFC7597);
    try (var line = Line.plan(topology, new Manner(core.prefix(), wish.jvm()))) {
      Farewell.promise(line::close);
      line.build();
      line.start();
      new TunBench(wish, core, line, out).measure();
    }
    return 0;
  }

  private void measure() throws IOException {
    introduce();
    try {
      var ports = OuterPorts.learn(line);
      for (var direction : wish.only()) {
        courses.put(direction, new Course(line, direction, core, ports));
      }
      write(rows());
    } finally {
      for (var course : courses.values()) {
        course.close();
      }
    }
    out.accept("");
    out.accept("load at the end: " + Load.now());
  }

  private void introduce() throws IOException {
    out.accept(
        "Core %d does everything: makes the packets, receives, forwards (the kernel alone, or with Watari), sends, and drops at the sink."
            .formatted(core.number()));
    out.accept(
        "At most %d packets are on the way, of %d UDP flows. Median (least-most) of %d rounds; bytes of the IPv4 packet."
            .formatted(Generator.WINDOW, Flow.COUNT, wish.rounds()));
    out.accept(
        "Forward alone: without making the packets and bringing them to the host, which is measured as arrival.");
    out.accept("load at the start: " + Load.now());
    out.accept("");
    TunTable.head().forEach(out);
  }

  private List<Row> rows() throws IOException {
    var rows = new ArrayList<Row>();
    for (var course : courses.values()) {
      for (int size : SIZES) {
        var row = course.measure(size, wish.rounds());
        out.accept(TunTable.line(row));
        rows.add(row);
      }
    }
    return rows;
  }

  private void write(List<Row> rows) throws IOException {
    if (wish.json().isPresent()) {
      TunTable.write(wish.json().get(), rows);
    }
  }
}
