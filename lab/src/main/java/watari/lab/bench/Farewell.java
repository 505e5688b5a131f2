package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;

/// What a benchmark has made goes when somebody interrupts it, too.
final class Farewell {
  private Farewell() {}

  /// Closes it when this process ends, unless that was done before: so a second time must do
  /// nothing.
  static void promise(Closeable made) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
  }

  private static void remove(Closeable made) {
    try {
      made.close();
    } catch (IOException failed) {
      System.err.println(
          "watari: the benchmark could not remove all of it: " + failed.getMessage());
    }
  }
}
