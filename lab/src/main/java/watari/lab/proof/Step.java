package watari.lab.proof;

import java.io.IOException;

/// One thing that the lab shows.
///
/// @param sentence what is shown
/// @param showing how
public record Step(String sentence, Showing showing) {

  /// Shows something on a stage that is ready.
  public interface Showing {
    Outcome on(Stage stage) throws IOException;
  }

  Outcome run(Stage stage) {
    try {
      return showing.on(stage);
    } catch (IOException refuted) {
      return new Outcome.Failed(String.valueOf(refuted.getMessage()));
    }
  }
}
