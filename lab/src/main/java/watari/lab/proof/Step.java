package watari.lab.proof;

import java.io.IOException;

/// One thing that the lab shows.
///
/// @param sentence what is shown
/// @param showing how
/// @param <S> where: on real hosts or in memory
public record Step<S>(String sentence, Showing<S> showing) {

  /// Shows something on a stage that is ready.
  public interface Showing<S> {
    Outcome on(S stage) throws IOException;
  }

  Outcome run(S stage) {
    try {
      return showing.on(stage);
    } catch (IOException refuted) {
      return new Outcome.Failed(String.valueOf(refuted.getMessage()));
    }
  }
}
