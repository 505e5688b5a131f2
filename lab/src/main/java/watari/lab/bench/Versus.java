package watari.lab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Rates of Watari and of the kernel alone, measured by turns: a row of a table.
final class Versus {
  private final String name;
  private final String unit;
  private final List<Double> watari = new ArrayList<>();
  private final List<Double> kernel = new ArrayList<>();
  private final Losses ourLosses = new Losses();
  private final Losses theirLosses = new Losses();

  /// How many packets were sent and never arrived.
  private static final class Losses {
    private long sent;
    private long lost;

    void add(Measurement measured) {
      sent += measured.sent();
      lost += measured.lost();
    }

    long ofMillion() {
      return sent == 0 ? 0 : Math.round(lost * 1e6 / sent);
    }
  }

  Versus(String name, String unit) {
    this.name = name;
    this.unit = unit;
  }

  /// Adds a round.
  void add(double watari, double kernel) {
    this.watari.add(watari);
    this.kernel.add(kernel);
  }

  /// Adds a round of packets a second.
  void add(Measurement ours, Measurement theirs) {
    ourLosses.add(ours);
    theirLosses.add(theirs);
    add(ours.mpps(), theirs.mpps());
  }

  /// Packets of Watari's lost of a million sent.
  long ourLosses() {
    return ourLosses.ofMillion();
  }

  /// Packets of the kernel's lost of a million sent.
  long theirLosses() {
    return theirLosses.ofMillion();
  }

  String name() {
    return name;
  }

  String unit() {
    return unit;
  }

  int rounds() {
    return watari.size();
  }

  Figures ours() {
    return figures(watari);
  }

  Figures theirs() {
    return figures(kernel);
  }

  private static Figures figures(List<Double> samples) {
    return Figures.ofSamples(samples.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /// Watari's rate as a share of the kernel's in the same round.
  Figures ratio() {
    double[] ratios = new double[watari.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = watari.get(round) / kernel.get(round);
    }
    return Figures.ofSamples(ratios);
  }

  /// How much more than the kernel's in the same round.
  Figures added() {
    double[] added = new double[watari.size()];
    for (int round = 0; round < added.length; round++) {
      added[round] = watari.get(round) - kernel.get(round);
    }
    return Figures.ofSamples(added);
  }

  static String head() {
    return form("", "", "Watari", "kernel", "ratio");
  }

  String line() {
    return form(name, unit, spread(ours(), 3), spread(theirs(), 3), spread(ratio(), 2));
  }

  private static String form(Object... cells) {
    return String.format(Locale.ROOT, "%-46s %-7s  %-25s  %-25s  %s", cells).stripTrailing();
  }

  /// Median, least and most.
  static String spread(Figures figures, int digits) {
    String one = "%." + digits + "f";
    return String.format(
        Locale.ROOT,
        one + " (" + one + " to " + one + ")",
        figures.median(),
        figures.least(),
        figures.most());
  }

  /// For JSON.
  Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>();
    values.put("name", name);
    values.put("unit", unit);
    values.put("watari", List.copyOf(watari));
    values.put("kernel", List.copyOf(kernel));
    values.put("ratio", ratio().median());
    values.put("ratioLeast", ratio().least());
    values.put("ratioMost", ratio().most());
    return values;
  }
}
