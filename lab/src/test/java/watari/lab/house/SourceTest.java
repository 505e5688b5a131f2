package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceTest {
  private static final List<Path> SOURCES = House.files("main", ".java");

  @TempDir Path folder;

  @Test
  void theHouseIsWrittenAsItShouldBe() {
    assertThat(SOURCES).hasSizeGreaterThan(House.FLOORS.size());
    assertThat(Source.violations(SOURCES)).isEmpty();
  }

  @Test
  void everyRoomHasADoor() {
    assertThat(withoutPackageInfo(SOURCES)).isEmpty();
  }

  @Test
  void findsARoomWithoutADoor() {
    var file = Path.of("room", "Thing.java");
    assertThat(withoutPackageInfo(List.of(file))).containsExactly(Path.of("room"));
    assertThat(withoutPackageInfo(List.of(file, Path.of("room", "package-info.java")))).isEmpty();
  }

  @Test
  void findsAMethodOfMoreThanSixtyLines() throws IOException {
    assertThat(violations("class A {\nvoid b() {" + "\n".repeat(59) + "}\n}")).isEmpty();
    assertThat(violations("class A {\nvoid b() {" + "\n".repeat(60) + "}\n}"))
        .singleElement()
        .asString()
        .endsWith("Example.java:2: method b has 61 lines");
    assertThat(violations("record A(int b) {\nA {" + "\n".repeat(60) + "}\n}")).hasSize(1);
    assertThat(violations("class A {\nstatic {" + "\n".repeat(60) + "}\n}"))
        .singleElement()
        .asString()
        .endsWith("initializer has 61 lines");
  }

  @Test
  void findsAFileOfMoreThanSixHundredLines() throws IOException {
    assertThat(violations("class A {" + "\n".repeat(599) + "}\n")).isEmpty();
    assertThat(violations("class A {" + "\n".repeat(600) + "}\n"))
        .singleElement()
        .asString()
        .endsWith("Example.java:601 makes the file longer than 600 lines");
  }

  @Test
  void findsAPublicTypeWithoutADoc() throws IOException {
    assertThat(violations("/// What it is.\npublic class A {}\nclass B {}")).isEmpty();
    assertThat(violations("/** What it is. */ public class A {}")).isEmpty();
    assertThat(violations("// no doc\npublic class A {}")).hasSize(1);
    assertThat(violations("/// A\npublic class A { public record B() {} }"))
        .singleElement()
        .asString()
        .endsWith("makes B public without a doc");
  }

  @Test
  void findsAPackageWithoutADoc() throws IOException {
    assertThat(violations("package-info.java", "/// What it knows.\npackage a.b;\n")).isEmpty();
    assertThat(violations("package-info.java", "package a.b;\n"))
        .singleElement()
        .asString()
        .endsWith("describes the package without a doc");
  }

  @Test
  void findsARoomCalledByWhatItIsNot() throws IOException {
    for (String name : List.of("util", "common", "impl", "helper", "utils.text")) {
      assertThat(violations("package a." + name + ";\nclass B {}")).hasSize(1);
    }
    assertThat(violations("package a.utility;\nclass B {}")).isEmpty();
  }

  @Test
  void findsATypeCalledByWhatItIsNot() throws IOException {
    for (String name : List.of("TunImpl", "SessionManager", "PathHelper", "ByteUtils")) {
      assertThat(violations("class " + name + " {}")).hasSize(1);
    }
    assertThat(violations("class Helper2 {}")).isEmpty();
  }

  private List<String> violations(String text) throws IOException {
    return violations("Example.java", text);
  }

  private List<String> violations(String name, String text) throws IOException {
    return Source.violations(List.of(Files.writeString(folder.resolve(name), text)));
  }

  /// The folders with sources of a package, but without a `package-info.java`.
  private static List<Path> withoutPackageInfo(List<Path> files) {
    var folders =
        files.stream()
            .filter(file -> !file.endsWith("module-info.java"))
            .map(SourceTest::folderOf)
            .collect(Collectors.toSet());
    return folders.stream()
        .filter(folder -> !files.contains(folder.resolve("package-info.java")))
        .sorted()
        .toList();
  }

  private static Path folderOf(Path file) {
    return file.resolveSibling("");
  }
}
