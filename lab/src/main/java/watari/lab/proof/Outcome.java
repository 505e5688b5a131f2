package watari.lab.proof;

import java.util.List;

/// How a [Step] ended.
public sealed interface Outcome {

  /// The line does what the step says.
  ///
  /// @param evidence what was seen, one thing a line
  record Shown(List<String> evidence) implements Outcome {
    public Shown {
      evidence = List.copyOf(evidence);
    }
  }

  /// The line does not.
  record Failed(String reason) implements Outcome {}

  /// It could not be tried here.
  record Skipped(String reason) implements Outcome {}

  static Outcome shown(String... evidence) {
    return new Shown(List.of(evidence));
  }
}
