package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Reads in one source which rows its tests cite. Only what stands above a test counts: rows in the
/// prose about a field or a check are for the reader, and none stand above a whole class of tests.
final class Citations extends TreePathScanner<@Nullable Void, @Nullable Void> {
  private static final Set<String> TESTS =
      Set.of("Test", "ParameterizedTest", "TestFactory", "RepeatedTest", "FuzzTest");

  private final Path file;
  private final DocTrees trees;
  private final List<Citation> found = new ArrayList<>();

  private Citations(Path file, DocTrees trees) {
    this.file = file;
    this.trees = trees;
  }

  /// What all tests of the house cite.
  static List<Citation> ofTheHouse() {
    var scenarios =
        House.files("test", ".txt").stream()
            .filter(file -> file.toString().contains("/scenarios/"))
            .flatMap(Citation::ofScenario);
    return Stream.concat(of(House.files("test", ".java")).stream(), scenarios).toList();
  }

  static List<Citation> of(Collection<Path> files) {
    var all = new ArrayList<Citation>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, manager, null, null, null, units);
      for (CompilationUnitTree unit : task.parse()) {
        var reader = new Citations(Path.of(unit.getSourceFile().toUri()), DocTrees.instance(task));
        reader.scan(unit, null);
        all.addAll(reader.found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
    String doc = trees.getDocComment(getCurrentPath());
    if (doc != null && type.getSimpleName().toString().endsWith("Test")) {
      assertThat(Rows.cited(doc)).as("rows above %s; cite them above a test", file).isEmpty();
    }
    return super.visitClass(type, null);
  }

  @Override
  public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
    String doc = trees.getDocComment(getCurrentPath());
    if (doc != null && isTest(method)) {
      Citation.ofTest(file, method.getName().toString(), doc).forEach(found::add);
    }
    return super.visitMethod(method, null);
  }

  private static boolean isTest(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(annotation -> TESTS.contains(annotation.getAnnotationType().toString()));
  }
}
