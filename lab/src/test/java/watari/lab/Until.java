package watari.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;

/// Looks again and again until something is so. Most looks ask a program, which takes its time, so
/// that looking leaves a processor to those it looks at.
public final class Until {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Until() {}

  /// Whether it is so.
  @FunctionalInterface
  public interface Sight {
    /// Looks.
    boolean isSo() throws IOException;
  }

  /// Fails when it is not so in a minute.
  ///
  /// @param what that it is
  public static void seen(String what, Sight sight) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!sight.isSo()) {
      assertThat(System.nanoTime() - end).as(what).isNegative();
    }
  }
}
