package watari.lab.house;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// One source file as javac's parser sees it, asked how it is written.
final class Source extends TreePathScanner<@Nullable Void, @Nullable Void> {
  static final int METHOD_LINES_MAX = 60;
  static final int FILE_LINES_MAX = 600;

  private static final Pattern NO_ROOM =
      Pattern.compile("\\b(utils?|commons?|impl|helpers?|misc|shared)\\b");
  private static final Pattern NO_TYPE = Pattern.compile("\\w+(Impl|Manager|Helpers?|Utils?)");

  private final CompilationUnitTree unit;
  private final DocTrees trees;
  private final List<String> violations = new ArrayList<>();

  private Source(CompilationUnitTree unit, DocTrees trees) {
    this.unit = unit;
    this.trees = trees;
  }

  /// A sentence for each place in these files that is not written as the house writes.
  static List<String> violations(Collection<Path> files) {
    var found = new ArrayList<String>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, manager, null, null, null, units);
      for (var unit : task.parse()) {
        var source = new Source(unit, DocTrees.instance(task));
        source.look();
        found.addAll(source.violations);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private void look() {
    long lines = unit.getLineMap().getLineNumber(end(unit) - 1);
    if (lines > FILE_LINES_MAX) {
      violations.add(place(lines) + " makes the file longer than " + FILE_LINES_MAX + " lines");
    }
    if (unit.getPackage() != null) {
      lookAtPackage(unit.getPackage().getPackageName().toString());
    }
    scan(unit, null);
  }

  private void lookAtPackage(String name) {
    if (NO_ROOM.matcher(name).find()) {
      violations.add(place(1) + " is in " + name + ": a room is called by what it knows");
    }
    if (isPackageInfo() && doc(TreePath.getPath(unit, unit.getPackage())) == null) {
      violations.add(place(1) + " describes the package without a doc");
    }
  }

  private boolean isPackageInfo() {
    return unit.getSourceFile().getName().endsWith("package-info.java");
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
    String name = type.getSimpleName().toString();
    if (NO_TYPE.matcher(name).matches()) {
      violations.add(place(type) + " calls a type " + name + ": name it by what it does");
    }
    boolean open = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
    if (open && doc(getCurrentPath()) == null) {
      violations.add(place(type) + " makes " + name + " public without a doc");
    }
    return super.visitClass(type, null);
  }

  @Override
  public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
    lookAtLength(method, "method " + method.getName());
    return super.visitMethod(method, null);
  }

  @Override
  public @Nullable Void visitBlock(BlockTree block, @Nullable Void none) {
    if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
      lookAtLength(block, "initializer");
    }
    return super.visitBlock(block, null);
  }

  private void lookAtLength(Tree tree, String what) {
    var map = unit.getLineMap();
    long lines = map.getLineNumber(end(tree)) - map.getLineNumber(start(tree)) + 1;
    if (lines > METHOD_LINES_MAX) {
      violations.add("%s: %s has %d lines".formatted(place(tree), what, lines));
    }
  }

  private @Nullable DocCommentTree doc(TreePath path) {
    var doc = trees.getDocCommentTree(path);
    return doc == null || doc.getFullBody().isEmpty() ? null : doc;
  }

  private long start(Tree tree) {
    return trees.getSourcePositions().getStartPosition(unit, tree);
  }

  private long end(Tree tree) {
    return trees.getSourcePositions().getEndPosition(unit, tree);
  }

  private String place(Tree tree) {
    return place(unit.getLineMap().getLineNumber(start(tree)));
  }

  private String place(long line) {
    return unit.getSourceFile().getName() + ":" + line;
  }
}
