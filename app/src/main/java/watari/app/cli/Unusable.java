package watari.app.cli;

import java.util.List;
import watari.app.config.Problem;

/// A file or a rule of the command line that cannot be used. Thrown up to [Main], which prints the
/// problems and ends with exit code 2.
final class Unusable extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  Unusable(List<Problem> problems) {
    super("unusable", null, false, false);
    this.problems = problems;
  }

  List<Problem> problems() {
    return problems;
  }
}
