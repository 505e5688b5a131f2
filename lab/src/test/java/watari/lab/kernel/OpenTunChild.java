package watari.lab.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import watari.lab.Command;

/// Runs `OpenTun` in a network namespace of its own, with other rights than the test has.
final class OpenTunChild {
  private OpenTunChild() {}

  /// @param before the words of a program that gives rights away and starts the rest
  static String run(String... before) throws IOException {
    return runAfter(":", before);
  }

  /// @param preparation shell text for a mount namespace of its own
  static String runAfter(String preparation, String... before) throws IOException {
    var words =
        new ArrayList<>(
            List.of("unshare", "--net", "--mount", "sh", "-c", preparation + " && exec \"$@\""));
    words.add("sh");
    words.addAll(List.of(before));
    words.addAll(java());
    return Command.run(words).succeeded();
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        property("java.class.path") + ":" + property("jdk.module.path"),
        OpenTun.class.getName(),
        "watari0");
  }

  private static String property(String name) {
    return Optional.ofNullable(System.getProperty(name)).orElse("");
  }
}
