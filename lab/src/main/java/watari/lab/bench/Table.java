package watari.lab.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;

/// The measurements as a table, beside the targets.
///
/// Nanoseconds are processor time a packet without the packet's arrival, which is measured apart.
final class Table {
  private static final String ARRIVAL = "Arrival";

  /// What JMH itself allocates while it measures lies far below.
  private static final double CLEAN_BYTES = 0.01;

  private final Collection<RunResult> runs;

  Table(Collection<RunResult> runs) {
    this.runs = runs;
  }

  private List<RunResult> ways() {
    return runs.stream().filter(run -> !name(run).endsWith(ARRIVAL)).toList();
  }

  private static String name(RunResult run) {
    String benchmark = run.getParams().getBenchmark();
    String type = benchmark.substring(0, benchmark.lastIndexOf('.'));
    return type.substring(type.lastIndexOf('.') + 1) + benchmark.substring(type.length());
  }

  private static String scaleName(RunResult run) {
    return run.getParams().getParamsKeys().iterator().next();
  }

  private static String scale(RunResult run) {
    return run.getParams().getParam(scaleName(run));
  }

  private RunResult arrivalOf(RunResult way) {
    return runs.stream()
        .filter(run -> name(run).equals(name(way) + ARRIVAL) && scale(run).equals(scale(way)))
        .findAny()
        .orElseThrow();
  }

  /// Whether no way allocates.
  boolean isClean() {
    return ways().stream().allMatch(Table::isClean);
  }

  private static boolean isClean(RunResult way) {
    return Figures.of(way, WorkerUse.BYTES).median() < CLEAN_BYTES;
  }

  void print(PrintStream out) {
    out.println();
    row(out, "", "ns a packet", "of the forks", "target", "arrival", "clock", "bytes");
    ways().forEach(way -> print(way, out));
    ways().stream()
        .filter(way -> !isClean(way))
        .forEach(way -> out.println(name(way) + " allocates, and a packet never may"));
  }

  private static void row(PrintStream out, String way, Object... cells) {
    out.printf(Locale.ROOT, "%-38s %11s  %-15s  %-12s %8s %8s %8s%n", arguments(way, cells));
  }

  private static Object[] arguments(String way, Object... cells) {
    return Stream.concat(Stream.of(way), Stream.of(cells)).toArray();
  }

  private void print(RunResult way, PrintStream out) {
    double arrival = Figures.of(arrivalOf(way), WorkerUse.NANOS).median();
    var cpu = Figures.of(way, WorkerUse.NANOS);
    double nanos = cpu.median() - arrival;
    row(
        out,
        name(way) + ", " + scale(way) + " " + scaleName(way),
        one(nanos),
        one(cpu.least() - arrival) + " - " + one(cpu.most() - arrival),
        verdict(nanos, target(way)),
        one(arrival),
        one(Figures.ofClock(way).median()),
        String.format(Locale.ROOT, "%.4f", Figures.of(way, WorkerUse.BYTES).median()));
  }

  private static String one(double nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos);
  }

  private static String verdict(double nanos, int target) {
    return target == 0 ? "" : "<= " + target + (nanos <= target ? " met" : " missed");
  }

  /// In nanoseconds, or 0 where there is none.
  private static int target(RunResult way) {
    return switch (scale(way)) {
      case "4" -> 20;
      case "10000" -> 30;
      case "1000" -> 60;
      case "64000" -> 110;
      case "1000000" -> scaleName(way).equals("sessions") ? 200 : 0;
      default -> 0;
    };
  }
}
