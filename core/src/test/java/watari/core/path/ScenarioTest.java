package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;

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
      assertThat(System.getenv("CI")).as("CI compares and writes nothing").isNotEqualTo("true");
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

  @Test
  void everyVerdictOccursInSomeScenario() throws IOException {
    var wanted = new TreeSet<String>();
    Stream.of(Drop.values()).map(Drop::name).forEach(wanted::add);
    Stream.of(Pass.values()).map(Pass::name).forEach(wanted::add);
    wanted.removeAll(counted());
    assertThat(wanted).isEmpty();
  }

  private static Set<String> counted() throws IOException {
    var all = new StringBuilder();
    for (Path file : files()) {
      String text = Files.readString(file);
      all.append(text.substring(text.indexOf("\ncounts\n") + 8));
    }
    return all.toString()
        .lines()
        .map(line -> line.strip().split(" "))
        .filter(words -> words.length == 3)
        .map(words -> words[1])
        .collect(Collectors.toSet());
  }
}
