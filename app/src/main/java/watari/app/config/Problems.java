package watari.app.config;

import java.util.ArrayList;
import java.util.List;

/// The problems of one text, in the order they were found.
final class Problems {
  /// More than this nobody reads.
  static final int PROBLEMS_MAX = 100;

  private final String source;
  private final List<Problem> found = new ArrayList<>();

  Problems(String source) {
    this.source = source;
  }

  void add(Place place, String sentence) {
    if (found.size() < PROBLEMS_MAX) {
      found.add(new Problem(source, place.line(), place.column(), sentence));
    } else if (found.size() == PROBLEMS_MAX) {
      found.add(new Problem(source, 0, 0, "there are more problems; these are the first 100"));
    }
  }

  /// Takes over the problems of another text that this one names.
  void addAll(List<Problem> others) {
    found.addAll(others);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Problem> list() {
    return List.copyOf(found);
  }

  /// The problems as a result.
  <T> Checked<T> invalid() {
    return new Checked.Invalid<>(list());
  }
}
