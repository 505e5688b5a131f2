package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Runs every file of `scenarios`. `-Dupdate` writes down what comes of them now.
final class ScenarioTest {
  private static final Path FOLDER = Path.of("src/test/resources/scenarios");

  @TestFactory
  Stream<DynamicTest> everyScenarioEndsAsItIsWritten() throws IOException {
    return files().stream()
        .map(file -> dynamicTest(FOLDER.relativize(file).toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    Scenario scenario = Scenario.read(file);
    String now = scenario.run();
    if (System.getProperty("update") != null) {
      Files.writeString(file, now);
    } else {
      assertThat(scenario.text()).isEqualTo(now);
    }
    assertThat(now).doesNotContain("checksum wrong");
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
  }

  @Test
  void everyScenarioSaysWhatHappensAndWhichRowsItShows() throws IOException {
    for (Path file : files()) {
      assertThat(Files.readString(file))
          .as(file.toString())
          .matches("(?s)# [A-Z][^\n]{10,120}\n# rows:( [A-Z0-9]+-[0-9]+)+\n.*");
    }
  }
}
