package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A type that makes something of a text or of bytes is named in a fuzz target: as what the target
/// calls, or in its description, where it is reached by way of something else.
final class FuzzTargetsTest {
  private static final Pattern PARSER =
      Pattern.compile(
          "^ +(public )?static [^=(;]* (parse|read|scan)\\((String|byte\\[]|MemorySegment|Path) ",
          Pattern.MULTILINE);

  @Test
  void everyParserHasATarget() {
    List<Path> parsers =
        House.files("main", ".java").stream()
            .filter(file -> !file.startsWith(House.home().resolve("lab")))
            .filter(file -> isParser(House.text(file)))
            .toList();
    String targets =
        House.files("test", "FuzzTest.java").stream()
            .map(House::text)
            .collect(Collectors.joining("\n"));
    assertThat(parsers).hasSizeGreaterThan(15);
    assertThat(withoutTarget(parsers, targets)).as("these parsers have no fuzz target").isEmpty();
  }

  @Test
  void findsAParserWithoutATarget() {
    List<Path> parsers = List.of(Path.of("Known.java"), Path.of("Unknown.java"));
    assertThat(withoutTarget(parsers, "call(Known.parse(text)); // Unknowns"))
        .containsExactly("Unknown");
  }

  @Test
  void knowsAParserByWhatItTakes() {
    assertThat(isParser("  static Thing parse(String text) {")).isTrue();
    assertThat(isParser("  public static Thing<A, B> read(byte[] bytes, int from) {")).isTrue();
    assertThat(isParser("  private static Thing parse(String text) {")).isFalse();
    assertThat(isParser("  static Thing read(Form form) {")).isFalse();
    assertThat(isParser("    var thing = Thing.parse(text);")).isFalse();
  }

  private static boolean isParser(String source) {
    return PARSER.matcher(source).find();
  }

  private static List<String> withoutTarget(List<Path> parsers, String targets) {
    return parsers.stream()
        .map(file -> file.getFileName().toString().replace(".java", ""))
        .filter(type -> !Pattern.compile("\\b" + type + "\\b").matcher(targets).find())
        .toList();
  }
}
