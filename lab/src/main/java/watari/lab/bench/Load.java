package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How busy the machine is, which readers of figures should know.
final class Load {
  private Load() {}

  /// The average number of busy threads over 1, 5 and 15 minutes.
  static String now() throws IOException {
    var words = Files.readString(Path.of("/proc/loadavg")).split(" ", -1);
    return String.join(" ", List.of(words).subList(0, 3));
  }
}
