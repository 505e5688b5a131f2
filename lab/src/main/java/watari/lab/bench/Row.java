package watari.lab.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What was measured in one direction with one size, Watari and the kernel by turns.
///
/// @param size bytes of the IPv4 packets
/// @param watari one measurement a round, as has `kernel`
record Row(Direction direction, int size, List<Measurement> watari, List<Measurement> kernel) {
  static final double TARGET = 0.3;

  /// The target is for small packets.
  private static final int SMALL_MAX = 64;

  Row {
    watari = List.copyOf(watari);
    kernel = List.copyOf(kernel);
    if (watari.isEmpty() || watari.size() != kernel.size()) {
      throw new IllegalArgumentException("a row has as many rounds of Watari as of the kernel");
    }
  }

  static Figures mpps(List<Measurement> rounds) {
    return Figures.ofSamples(rounds.stream().mapToDouble(Measurement::mpps).toArray());
  }

  /// Packets lost of a million sent.
  static double lostOfMillion(List<Measurement> rounds) {
    double sent = rounds.stream().mapToLong(Measurement::sent).sum();
    return rounds.stream().mapToLong(Measurement::lost).sum() * 1e6 / sent;
  }

  /// Of each round Watari's share of the kernel's. Neighbours in time are compared, because other
  /// work on the machine comes and goes.
  Figures ratio() {
    return Figures.ofSamples(
        IntStream.range(0, watari.size())
            .mapToDouble(round -> watari.get(round).mpps() / kernel.get(round).mpps())
            .toArray());
  }

  boolean hasTarget() {
    return size <= SMALL_MAX;
  }

  boolean isMet() {
    return ratio().median() >= TARGET;
  }

  /// For JSON.
  Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>();
    values.put("direction", direction.word());
    values.put("size", size);
    values.put("rounds", watari.size());
    values.put("watari", values(watari));
    values.put("kernel", values(kernel));
    values.put("ratio", ratio().median());
    values.put("ratioLeast", ratio().least());
    values.put("ratioMost", ratio().most());
    return values;
  }

  private static Map<String, Object> values(List<Measurement> rounds) {
    var mpps = mpps(rounds);
    var values = new LinkedHashMap<String, Object>();
    values.put("mpps", mpps.median());
    values.put("least", mpps.least());
    values.put("most", mpps.most());
    values.put("lostOfMillion", lostOfMillion(rounds));
    return values;
  }
}
