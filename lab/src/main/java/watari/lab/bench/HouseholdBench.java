package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.bench.HouseholdWish.Part;
import watari.lab.bench.Streams.Cables;
import watari.lab.line.Manner;
import watari.lab.line.Rights;

/// `watari bench gateway`: the gateway's ways in memory, its table of sessions, the whole beside
/// the kernel's own forwarding with masquerade, and the same with the offload.
public final class HouseholdBench {
  /// How it is called.
  public static final String USE =
      "use: watari bench gateway [--json FILE] [--docs FOLDER] [--rounds N] [--forks N] [--quick]"
          + " [--only memory|sessions|line|live]";

  private static final int SESSIONS = 1_000_000;
  private static final int SESSIONS_TO_WARM = 100_000;
  private static final int SESSION_RUNS = 3;

  private final HouseholdWish wish;
  private final Consumer<String> out;
  private final Map<String, Object> measured = new LinkedHashMap<>();
  private int exit;

  private HouseholdBench(HouseholdWish wish, Consumer<String> out) {
    this.wish = wish;
    this.out = out;
  }

  /// Measures and prints a table for each part.
  ///
  /// @param arguments what follows `bench gateway`
  /// @param out takes the lines of the tables
  /// @return the exit code: 1 when a way in memory allocates
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  public static int run(List<String> arguments, Consumer<String> out) throws IOException {
    var wish = HouseholdWish.parse(arguments);
    boolean makesHosts = wish.parts().contains(Part.LINE) || wish.parts().contains(Part.LIVE);
    if (makesHosts && !(Rights.find() instanceof Rights.Here)) {
      throw new IOException(
          "bench gateway makes network namespaces: run it as root, or with --only memory");
    }
    return new HouseholdBench(wish, out).measure();
  }

  private int measure() throws IOException {
    measured.put("loadBefore", Load.now());
    out.accept("load at the start: " + Load.now());
    for (var part : Part.values()) {
      if (wish.parts().contains(part)) {
        measure(part);
      }
    }
    measured.put("loadAfter", Load.now());
    out.accept("");
    out.accept("load at the end: " + Load.now());
    if (wish.json().isPresent()) {
      Files.writeString(
          wish.json().get(),
          JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(measured));
    }
    return exit;
  }

  private void measure(Part part) throws IOException {
    out.accept("");
    switch (part) {
      case MEMORY -> memory();
      case SESSIONS -> sessions();
      case LINE -> line();
      case LIVE -> live();
    }
  }

  /// In JVMs of their own, by JMH, whose file is taken over as it is.
  private void memory() throws IOException {
    var file = Files.createTempFile("watari-bench", ".json");
    try {
      var forks = Integer.toString(wish.forks());
      var options = List.of("--only", "gateway", "--forks", forks, "--json", file.toString());
      exit = CoreBench.run(options);
      if (Files.size(file) > 0) {
        measured.put("memory", JsonMapper.shared().readTree(Files.readString(file)));
      }
    } finally {
      Files.delete(file);
    }
  }

  private void sessions() {
    out.accept("The table of sessions; processor time, the middle of " + SESSION_RUNS + " runs.");
    SessionLoad.measure(SESSIONS_TO_WARM);
    var runs = Stream.generate(() -> SessionLoad.measure(SESSIONS)).limit(SESSION_RUNS).toList();
    var middle = SessionFigures.middle(runs);
    middle.lines().forEach(out);
    measured.put("sessions", middle.values());
  }

  private void line() throws IOException {
    var core = Core.find();
    out.accept(
        "Core %d does everything: both ends, the gateway, and the kernel's end of the tunnel."
            .formatted(core.number()));
    out.accept(
        "The kernel forwards IPv4 with masquerade, on cables of its own. Median (least to most) of %d rounds."
            .formatted(wish.rounds()));
    out.accept("");
    out.accept(Versus.head());
    var rows = new ArrayList<Object>();
    try (var homes = TwoHomes.open(new Manner(core.prefix(), TunWish.JVM))) {
      for (var row : rows(homes, core)) {
        rows.add(row.values());
      }
    }
    measured.put("line", rows);
  }

  private void live() throws IOException {
    var bench = new SessionBench(wish.rounds(), wish.isQuick(), Core.find(), out);
    bench.conditions().forEach(out);
    out.accept("");
    out.accept(Versus.head());
    var rows = bench.measure();
    measured.put("live", rows.stream().map(Result::values).toList());
    if (wish.docs().isPresent()) {
      var title = "The gateway, million packets a second on one core";
      Page.write(wish.docs().get(), "gateway", Page.ofResults(title, bench.conditions(), rows));
    }
  }

  private List<Versus> rows(TwoHomes homes, Core core) throws IOException {
    var rows = new ArrayList<Versus>();
    try (var streams = Streams.open(homes, core)) {
      for (var cables : Cables.values()) {
        for (boolean isIn : new boolean[] {false, true}) {
          rows.add(told(streams.measure(isIn, cables, wish.rounds())));
        }
      }
    }
    for (var row : new Datagrams(homes, core).measure(wish.rounds())) {
      rows.add(told(row));
    }
    return rows;
  }

  private Versus told(Versus row) {
    out.accept(row.line());
    return row;
  }
}
