package watari.app.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What a command talks to: the three streams, the environment, and whether a person looks on.
///
/// @param in standard input
/// @param out standard output, unbuffered
/// @param err standard error
/// @param environment the variables
/// @param isTerminal whether standard output is a terminal
record Console(
    InputStream in,
    OutputStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean isTerminal) {

  /// That of the process. Text is UTF-8 whatever the locale says: Japanese needs it, and English
  /// has no other letters than ASCII.
  static Console system() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getenv(),
        isTerminalOfProcess());
  }

  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it can be null again (JDK-8351435)
  private static boolean isTerminalOfProcess() {
    return System.console() != null && System.console().isTerminal();
  }

  /// Whether output may have colours: a terminal that knows them, and nobody said `NO_COLOR`.
  boolean hasColours() {
    return isTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /// Whether the person reads Japanese, by `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is
  /// set.
  boolean isJapanese() {
    for (String name : new String[] {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.startsWith("ja");
      }
    }
    return false;
  }
}
