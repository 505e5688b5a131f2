package watari.lab.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What was measured in one direction with one size.
///
/// @param size bytes of the IPv4 packets
record Row(Direction direction, int size, List<Round> rounds) {
  static final double TARGET = 0.3;

  /// The target is for small packets.
  private static final int SMALL_MAX = 64;

  Row {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("a row has one round or more");
    }
  }

  Figures figures(ToDoubleFunction<Round> figure) {
    return Figures.ofSamples(rounds.stream().mapToDouble(figure).toArray());
  }

  /// Packets lost of a million sent.
  double lostOfMillion(Function<Round, Measurement> whose) {
    double sent = rounds.stream().map(whose).mapToLong(Measurement::sent).sum();
    return rounds.stream().map(whose).mapToLong(Measurement::lost).sum() * 1e6 / sent;
  }

  boolean hasTarget() {
    return size <= SMALL_MAX;
  }

  boolean isMet() {
    return figures(Round::ratio).median() >= TARGET;
  }

  /// For JSON.
  Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>();
    values.put("direction", direction.word());
    values.put("size", size);
    values.put("rounds", rounds.size());
    values.put("watari", values(Round::watari));
    values.put("kernel", values(Round::kernel));
    values.put("arrival", values(Round::arrival));
    values.put("ratio", figures(Round::ratio).median());
    values.put("ratioLeast", figures(Round::ratio).least());
    values.put("ratioMost", figures(Round::ratio).most());
    values.put("forwardingRatio", figures(Round::forwardingRatio).median());
    return values;
  }

  private Map<String, Object> values(Function<Round, Measurement> whose) {
    var mpps = figures(round -> whose.apply(round).mpps());
    var values = new LinkedHashMap<String, Object>();
    values.put("mpps", mpps.median());
    values.put("least", mpps.least());
    values.put("most", mpps.most());
    values.put("lostOfMillion", lostOfMillion(whose));
    return values;
  }
}
