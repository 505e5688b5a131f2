package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Command lines and what they say, a text file a case. `-Dupdate` writes what they say now.
///
/// ```
/// terminal                     standard output is a terminal
/// env LANG=ja_JP.UTF-8         a variable
/// < 192.0.2.18:1232            a line of standard input
/// $ watari who -               the command
/// ...                          standard output, then
/// 2> ...                       standard error, and
/// exit 0
/// ```
final class CasesTest {
  private static final Path FOLDER = Path.of("src/test/resources/cases");
  private static final Pattern ARGUMENT = Pattern.compile("'([^']*)'|(\\S+)");

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatTheFileSays(Path file) throws IOException {
    String expected = Files.readString(file);
    List<String> lines = expected.lines().toList();
    int command = 0;
    while (!lines.get(command).startsWith("$ watari")) {
      command++;
    }
    String head = String.join("\n", lines.subList(0, command + 1)) + "\n";
    String actual = head + said(run(lines.subList(0, command), lines.get(command)));
    if (System.getProperty("update") != null) {
      Files.writeString(file, actual);
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static Run run(List<String> settings, String command) {
    Map<String, String> environment = new HashMap<>();
    var input = new StringBuilder();
    for (String setting : settings) {
      if (setting.startsWith("env ")) {
        String[] pair = setting.substring(4).split("=", 2);
        environment.put(pair[0], pair[1]);
      } else if (setting.startsWith("< ")) {
        input.append(setting.substring(2)).append('\n');
      }
    }
    List<String> arguments = new ArrayList<>();
    ARGUMENT
        .matcher(command.substring("$ watari".length()))
        .results()
        .forEach(found -> arguments.add(found.group(1) == null ? found.group(2) : found.group(1)));
    return Run.of(
        environment,
        input.toString(),
        settings.contains("terminal"),
        arguments.toArray(String[]::new));
  }

  private static String said(Run run) {
    String err = run.err().lines().map(line -> "2> " + line + "\n").reduce("", String::concat);
    return run.out().replace("\u001b", "<ESC>") + err + "exit " + run.exitCode() + "\n";
  }
}
