package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// The rows of `watari bench tun`, for people and as JSON.
final class TunTable {
  private TunTable() {}

  static List<String> head() {
    return List.of(
        form("", "", "Watari", "kernel", "ratio", "", "forward", "arrival", "lost of a", "million"),
        form(
            "direction",
            "bytes",
            "Mpps",
            "Mpps",
            "end to end",
            "target",
            "alone",
            "Mpps",
            "Watari",
            "kernel"));
  }

  private static String form(Object... cells) {
    return String.format(
        Locale.ROOT, "%-12s %5s  %-20s  %-20s  %-18s  %-14s  %-8s %7s  %9s %9s", cells);
  }

  static String line(Row row) {
    return form(
        row.direction().word(),
        row.size(),
        spread(row.figures(round -> round.watari().mpps()), 3),
        spread(row.figures(round -> round.kernel().mpps()), 3),
        spread(row.figures(Round::ratio), 2),
        target(row),
        fixed(row.figures(Round::forwardingRatio).median(), 2),
        fixed(row.figures(round -> round.arrival().mpps()).median(), 3),
        Math.round(row.lostOfMillion(Round::watari)),
        Math.round(row.lostOfMillion(Round::kernel)));
  }

  /// Median, least and most.
  private static String spread(Figures figures, int digits) {
    return "%s (%s-%s)"
        .formatted(
            fixed(figures.median(), digits),
            fixed(figures.least(), digits),
            fixed(figures.most(), digits));
  }

  private static String fixed(double figure, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", figure);
  }

  private static String target(Row row) {
    if (!row.hasTarget()) {
      return "";
    }
    return ">= " + Row.TARGET + (row.isMet() ? " met" : " missed");
  }

  static void write(Path file, List<Row> rows) throws IOException {
    var values = rows.stream().map(Row::values).toList();
    Files.writeString(
        file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(values));
  }
}
