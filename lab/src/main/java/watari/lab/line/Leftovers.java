package watari.lab.line;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a lab that was killed could not remove: everything it makes is called `watari-PID-…`, so
/// the next lab knows whose it was.
final class Leftovers {

  private static final Pattern OURS = Pattern.compile("watari-(\\d+)-\\S+");
  private static final Path NAMESPACES = Path.of("/run/netns");

  private Leftovers() {}

  /// The beginning of every name that the process makes.
  static String prefix(long pid) {
    return "watari-" + pid + "-";
  }

  /// Removes what belongs to processes that are gone.
  ///
  /// @return the names of what was removed
  static List<String> removeOfTheDead() throws IOException {
    return remove(pid -> ProcessHandle.of(pid).map(Leftovers::isNoJava).orElse(true));
  }

  /// Removes what belongs to one process.
  static List<String> removeOf(long owner) throws IOException {
    return remove(pid -> pid == owner);
  }

  private static List<String> remove(LongPredicate whose) throws IOException {
    var namespaces = names(NAMESPACES, whose);
    for (var namespace : namespaces) {
      endGateways(namespace);
    }
    if (!namespaces.isEmpty()) {
      Finished.demand(List.of("ip", "-batch", "-"), batch(namespaces));
    }
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    for (var folder : names(temporary, whose)) {
      if (Files.isWritable(temporary.resolve(folder))) {
        delete(temporary.resolve(folder));
      }
    }
    return namespaces;
  }

  /// The number of a dead lab may have gone to some other program since.
  private static boolean isNoJava(ProcessHandle process) {
    return !process.info().command().map(command -> command.endsWith("java")).orElse(true);
  }

  /// Whose name it is, if it is one of ours.
  static Optional<Long> owner(String name) {
    var match = OURS.matcher(name);
    return match.matches() && match.group(1).length() < 10
        ? Optional.of(Long.valueOf(match.group(1)))
        : Optional.empty();
  }

  private static List<String> names(Path folder, LongPredicate whose) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> owner(name).map(whose::test).orElse(false))
          .sorted()
          .toList();
    }
  }

  /// Ends our own programs in a namespace; a person's shell in it may stay.
  private static void endGateways(String namespace) throws IOException {
    var pids = Finished.run(List.of("ip", "netns", "pids", namespace));
    if (pids.exit() != 0) {
      return;
    }
    pids.output()
        .lines()
        .map(String::strip)
        .filter(line -> line.matches("\\d+"))
        .map(Long::valueOf)
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .filter(Leftovers::isProduct)
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static boolean isProduct(ProcessHandle process) {
    return process.info().commandLine().map(line -> line.contains("watari.app.cli")).orElse(false);
  }

  private static String batch(List<String> namespaces) {
    var batch = new StringBuilder();
    namespaces.forEach(name -> batch.append("netns del ").append(name).append('\n'));
    return batch.toString();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> inside = Files.walk(folder)) {
      for (var path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
