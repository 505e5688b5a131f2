package watari.app.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One command line, run in this process.
///
/// @param exitCode what the shell would see
/// @param out standard output
/// @param err standard error
record Run(int exitCode, String out, String err) {

  static Run of(String... args) {
    return of(Map.of(), "", false, args);
  }

  static Run withInput(String in, String... args) {
    return of(Map.of(), in, false, args);
  }

  static Run of(Map<String, String> environment, String in, boolean isTerminal, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console =
        new Console(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            isTerminal);
    int exitCode = Main.run(console, args);
    return new Run(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
