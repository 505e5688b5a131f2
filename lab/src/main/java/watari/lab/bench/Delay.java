package watari.lab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long packets were on their way, through Watari and through the kernel alone, by turns: a row
/// of a table.
final class Delay {
  /// The shares of packets that are told.
  static final List<Double> SHARES = List.of(0.5, 0.99, 0.999);

  private static final List<String> NAMES = List.of("p50", "p99", "p99.9");

  /// Microseconds added at most; none is wanted of p99.
  private static final List<Double> TARGETS = List.of(10.0, 0.0, 100.0);

  private final String way;
  private final boolean isUp;
  private final List<Versus> shares = new ArrayList<>();
  private long lostOfMillion;

  Delay(String way, boolean isUp) {
    this.way = way;
    this.isUp = isUp;
    NAMES.forEach(name -> shares.add(new Versus(name() + ", " + name, "µs")));
  }

  private String name() {
    return way + (isUp ? " up" : " down");
  }

  /// Adds a round.
  void add(double[] watari, double[] kernel) {
    for (int share = 0; share < watari.length; share++) {
      shares.get(share).add(watari[share], kernel[share]);
    }
  }

  /// Says how many of Watari's packets never arrived: with many of them the delays are those of the
  /// lucky.
  void lose(long ofMillion) {
    lostOfMillion = ofMillion;
  }

  /// The median packet's.
  Versus middle() {
    return shares.getFirst();
  }

  static String head() {
    return form("", "", "Watari, µs", "kernel, µs", "added, µs", "target");
  }

  private static String form(Object... cells) {
    return String.format(Locale.ROOT, "%-14s %-6s %-26s  %-26s  %-26s  %s", cells).stripTrailing();
  }

  String line() {
    var lines = new ArrayList<String>();
    for (int share = 0; share < shares.size(); share++) {
      var versus = shares.get(share);
      lines.add(
          form(
              share == 0 ? name() : "",
              NAMES.get(share),
              spread(versus.ours()),
              spread(versus.theirs()),
              spread(versus.added()),
              verdict(share)));
    }
    if (lostOfMillion > 0) {
      lines.add("lost of a million: " + lostOfMillion);
    }
    return String.join("\n", lines);
  }

  /// Median, least and most.
  private static String spread(Figures figures) {
    return "%s (%s to %s)"
        .formatted(one(figures.median()), one(figures.least()), one(figures.most()));
  }

  private static String one(double micros) {
    return Double.isFinite(micros)
        ? String.format(Locale.ROOT, "%.1f", micros)
        : String.format(Locale.ROOT, "over %.0f", Delays.LONGEST_MICROS);
  }

  private String verdict(int share) {
    double target = TARGETS.get(share);
    if (target == 0) {
      return "";
    }
    return String.format(Locale.ROOT, "<= %.0f %s", target, isMet(share) ? "met" : "missed");
  }

  private boolean isMet(int share) {
    return shares.get(share).added().median() <= TARGETS.get(share);
  }

  static List<String> markdownHead() {
    return List.of(
        "| way | | Watari | kernel | added | target | lost of a million |",
        "|---|---|---|---|---|---|---|");
  }

  String markdown() {
    var lines = new ArrayList<String>();
    for (int share = 0; share < shares.size(); share++) {
      var versus = shares.get(share);
      lines.add(
          "| %s | %s | %s | %s | **%s** | %s | %s |"
              .formatted(
                  name(),
                  NAMES.get(share),
                  spread(versus.ours()),
                  spread(versus.theirs()),
                  spread(versus.added()),
                  verdict(share),
                  share == 0 ? "%,d".formatted(lostOfMillion) : ""));
    }
    return String.join("\n", lines);
  }

  /// For JSON.
  Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>();
    values.put("door", way);
    values.put("direction", isUp ? "up" : "down");
    values.put("rounds", middle().rounds());
    values.put("lostOfMillion", lostOfMillion);
    for (var whose : List.of("watari", "kernel", "added")) {
      var figures = new LinkedHashMap<String, @Nullable Object>();
      for (int share = 0; share < shares.size(); share++) {
        tell(figures, NAMES.get(share), figures(shares.get(share), whose));
        if (whose.equals("added") && TARGETS.get(share) > 0) {
          figures.put(NAMES.get(share) + "Target", TARGETS.get(share));
          figures.put(NAMES.get(share) + "Met", isMet(share));
        }
      }
      values.put(whose, figures);
    }
    return values;
  }

  private static void tell(Map<String, @Nullable Object> values, String name, Figures figures) {
    values.put(name, finite(figures.median()));
    values.put(name + "Least", finite(figures.least()));
    values.put(name + "Most", finite(figures.most()));
  }

  /// JSON has no number for more than can be measured. The others are those of the table: a tenth
  /// of a microsecond is all that is known.
  private static @Nullable Double finite(double micros) {
    return Double.isFinite(micros) ? Double.valueOf(one(micros)) : null;
  }

  private static Figures figures(Versus versus, String whose) {
    return switch (whose) {
      case "watari" -> versus.ours();
      case "kernel" -> versus.theirs();
      default -> versus.added();
    };
  }
}
