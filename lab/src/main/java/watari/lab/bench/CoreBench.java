package watari.lab.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import watari.core.net.Refused;

/// `watari bench core`: the benchmarks of the packet ways, in a JVM of their own, since JMH knows
/// no module path.
public final class CoreBench {
  /// How it is called.
  public static final String USE =
      "use: watari bench core [--json FILE] [--forks N] [--only relay|gateway]";

  private CoreBench() {}

  /// Runs them and prints a table.
  ///
  /// @param arguments what follows `bench core`
  /// @return the exit code: 1 when a way allocates, or when a benchmark fails
  /// @throws Refused when an argument is wrong
  /// @throws IOException when no JVM can be started
  public static int run(List<String> arguments) throws IOException {
    Wish.parse(arguments);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-cp", classPath()));
    command.add(CoreSuite.class.getName());
    command.addAll(arguments);
    return run(new ProcessBuilder(command).inheritIO().start());
  }

  private static int run(Process suite) throws IOException {
    try {
      return suite.waitFor();
    } catch (InterruptedException interrupted) {
      suite.destroy();
      throw new IOException("the benchmarks were interrupted", interrupted);
    }
  }

  /// All that this JVM runs from, as a class path: a folder of the module path stands for its jars.
  private static String classPath() {
    return Stream.of("jdk.module.path", "java.class.path")
        .map(name -> System.getProperty(name, ""))
        .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
        .filter(entry -> !entry.isEmpty())
        .flatMap(entry -> Stream.of(entry, entry + File.separator + "*"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
