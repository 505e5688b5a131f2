package watari.lab.proof;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/// The programs of other people on this machine.
public final class Programs {

  private Programs() {}

  /// Whether a program is on the search path.
  public static boolean has(String program) {
    var path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    for (var folder : path.split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
