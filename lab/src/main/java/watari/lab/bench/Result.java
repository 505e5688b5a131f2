package watari.lab.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A row of a benchmark: what was measured, of Watari and of the kernel alone.
///
/// @param facets what tells it from the other rows, by name, in the order in which they are told
/// @param target the least ratio that is wanted, 0 where none is
record Result(Map<String, Object> facets, Versus versus, double target) {
  Result {
    facets = Collections.unmodifiableMap(new LinkedHashMap<>(facets));
  }

  String line() {
    return versus.line() + verdict() + losses();
  }

  private String losses() {
    return versus.ourLosses() + versus.theirLosses() == 0 ? "" : "  lost of a million: " + lost();
  }

  /// Watari's and the kernel's.
  private String lost() {
    return "%,d / %,d".formatted(versus.ourLosses(), versus.theirLosses());
  }

  private String verdict() {
    if (target == 0) {
      return "";
    }
    return String.format(Locale.ROOT, "  >= %.1f %s", target, isMet() ? "met" : "missed");
  }

  private boolean isMet() {
    return versus.ratio().median() >= target;
  }

  /// @param unit of the rates
  static List<String> markdownHead(String unit) {
    return List.of(
        "| row | Watari, %1$s | kernel, %1$s | ratio | target | lost of a million, Watari / kernel |"
            .formatted(unit),
        "|---|---|---|---|---|---|");
  }

  /// A row of a table in Markdown.
  String markdown() {
    return "| %s | %s | %s | **%s** | %s | %s |"
        .formatted(
            versus.name(),
            Versus.spread(versus.ours(), 2),
            Versus.spread(versus.theirs(), 2),
            Versus.spread(versus.ratio(), 2),
            verdict().strip(),
            lost());
  }

  /// For JSON.
  Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>(facets);
    values.put("rounds", versus.rounds());
    values.put("watari", rate(versus.ours(), versus.ourLosses()));
    values.put("kernel", rate(versus.theirs(), versus.theirLosses()));
    values.put("ratio", versus.ratio().median());
    values.put("ratioLeast", versus.ratio().least());
    values.put("ratioMost", versus.ratio().most());
    if (target > 0) {
      values.put("target", target);
      values.put("met", isMet());
    }
    return values;
  }

  private Map<String, Object> rate(Figures figures, long lostOfMillion) {
    var values = new LinkedHashMap<String, Object>();
    values.put(versus.unit().equals("Mpps") ? "mpps" : "gbps", figures.median());
    values.put("least", figures.least());
    values.put("most", figures.most());
    values.put("lostOfMillion", lostOfMillion);
    return values;
  }
}
