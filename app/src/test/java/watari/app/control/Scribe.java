package watari.app.control;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A small program of the tests: keeps what a household has, one write after the other, and says
/// the number of each when it is safe. It ends when nobody listens any more, or is killed.
final class Scribe {
  private Scribe() {}

  /// Keeps until it is killed.
  ///
  /// @param arguments the folder, the seed of the household, and how many writes it has seen
  public static void main(String... arguments) throws IOException {
    var before = new Household(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
    try (var keeping = Keeping.open(Path.of(arguments[0]), _ -> {});
        var out = new FileOutputStream(FileDescriptor.out)) {
      var household = before.next();
      household.keepIn(keeping);
      while (keeping.trouble().isEmpty()) {
        out.write((household.step() + "\n").getBytes(StandardCharsets.US_ASCII));
        household = household.next();
        household.keepIn(keeping);
      }
      System.err.println(keeping.trouble().orElseThrow());
    }
  }
}
