package watari.lab.house;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where the house stands: its sources and its compiled classes.
final class House {
  static final List<String> FLOORS = List.of("core", "host", "app", "lab");

  private House() {}

  /// The folder of the checkout; Maven runs tests in the folder of their module.
  static Path home() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /// The classes that Maven compiled from `src/main` of every floor.
  static JavaClasses classes() {
    return importer()
        .withImportOption(location -> !location.contains("jmh_generated"))
        .importPaths(
            FLOORS.stream().map(floor -> home().resolve(floor).resolve("target/classes")).toList());
  }

  /// Reads class files and nothing else: what they mention is judged by its name.
  static ClassFileImporter importer() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter();
  }

  /// Every file below `src/<part>` of every floor whose name ends like this.
  static List<Path> files(String part, String end) {
    return FLOORS.stream()
        .map(floor -> home().resolve(floor).resolve("src").resolve(part))
        .filter(Files::isDirectory)
        .flatMap(folder -> below(folder, end))
        .sorted()
        .toList();
  }

  /// The content of a text file.
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> below(Path folder, String end) {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(end))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
