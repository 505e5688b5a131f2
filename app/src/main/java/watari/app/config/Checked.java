package watari.app.config;

import java.util.List;

/// What became of a text: a valid value, or every problem it has.
public sealed interface Checked<T> {

  /// The text is valid.
  record Valid<T>(T value) implements Checked<T> {}

  /// The text is not valid.
  ///
  /// @param problems at least one
  record Invalid<T>(List<Problem> problems) implements Checked<T> {}
}
