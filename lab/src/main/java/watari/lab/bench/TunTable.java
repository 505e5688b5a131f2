package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// The rows of `watari bench tun`, for people and as JSON.
final class TunTable {
  private static final String FORM = "%-12s %5s  %-20s  %-20s  %-18s %-14s %9s %9s";

  private TunTable() {}

  static List<String> head() {
    return List.of(
        String.format(
            Locale.ROOT, FORM, "", "", "Watari", "kernel", "ratio", "", "lost of a", "million"),
        String.format(
            Locale.ROOT,
            FORM,
            "direction",
            "bytes",
            "Mpps",
            "Mpps",
            "",
            "target",
            "Watari",
            "kernel"));
  }

  static String line(Row row) {
    return String.format(
        Locale.ROOT,
        FORM,
        row.direction().word(),
        row.size(),
        spread(Row.mpps(row.watari()), 3),
        spread(Row.mpps(row.kernel()), 3),
        spread(row.ratio(), 2),
        target(row),
        Math.round(Row.lostOfMillion(row.watari())),
        Math.round(Row.lostOfMillion(row.kernel())));
  }

  /// Median, least and most.
  private static String spread(Figures figures, int digits) {
    var form = "%%.%1$df (%%.%1$df-%%.%1$df)".formatted(digits);
    return String.format(Locale.ROOT, form, figures.median(), figures.least(), figures.most());
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
