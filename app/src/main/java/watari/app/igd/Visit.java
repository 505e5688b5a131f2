package watari.app.igd;

import java.io.IOException;
import java.util.function.Function;

/// The way to the [Desk] from other threads.
public interface Visit {
  /// Does something on the desk's thread, and waits for it.
  ///
  /// @throws IOException when nobody answers there
  <T> T ask(Function<Desk, T> errand) throws IOException;
}
