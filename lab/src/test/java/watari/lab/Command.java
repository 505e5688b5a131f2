package watari.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/// A program that a test ran to its end.
///
/// @param said what it printed, errors included, without blanks around
public record Command(List<String> words, int exit, String said) {

  public static Command run(String... words) throws IOException {
    return run(List.of(words));
  }

  public static Command run(List<String> words) throws IOException {
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    return new Command(words, process.onExit().join().exitValue(), said);
  }

  /// What it said; it must have succeeded.
  public String succeeded() throws IOException {
    if (exit != 0) {
      throw new IOException(String.join(" ", words) + " ended with " + exit + ": " + said);
    }
    return said;
  }
}
