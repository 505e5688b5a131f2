package watari.lab.house;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What classes below a package may not touch.
///
/// A name is a package (`java.net.`), a type with all that it holds (`java.lang.Thread`), or a
/// member of a type (`java.lang.System#nanoTime`).
///
/// @param names what is forbidden
/// @param except what is allowed although a name covers it
/// @param exempt classes that the rule leaves alone
record Forbidden(String below, List<String> names, Set<String> except, Set<String> exempt) {
  /// The rights of each floor, and what nobody has. What a floor may not have, it does not gain
  /// through the back door: reflection and Unsafe are forbidden to all.
  static final List<Forbidden> IN_THE_HOUSE =
      List.of(
          new Forbidden(
              "watari",
              List.of(
                  "sun.",
                  "jdk.internal.",
                  "java.lang.reflect.",
                  "java.lang.ThreadLocal",
                  "java.lang.InheritableThreadLocal"),
              Set.of(),
              Set.of()),
          new Forbidden(
              "watari",
              List.of("java.lang.Class#forName"),
              Set.of(),
              Set.of("watari.app.cli.Rehearsal")), // the JVM is to learn all of them
          new Forbidden(
              "watari",
              List.of("java.lang.System#exit", "java.lang.Runtime#exit", "java.lang.Runtime#halt"),
              Set.of(),
              Set.of("watari.app.cli.Main", "watari.lab.Main", "watari.lab.bench.CoreSuite")),
          new Forbidden(
              "watari.core",
              List.of(
                  // files, sockets, streams of the process
                  "java.io.File",
                  "java.io.FileDescriptor",
                  "java.io.FileInputStream",
                  "java.io.FileOutputStream",
                  "java.io.FileReader",
                  "java.io.FileWriter",
                  "java.io.RandomAccessFile",
                  "java.io.Console",
                  "java.lang.System#in",
                  "java.lang.System#out",
                  "java.lang.System#err",
                  "java.net.",
                  "java.nio.channels.",
                  "java.nio.file.",
                  // threads and processes
                  "java.lang.Thread",
                  "java.lang.Process",
                  "java.lang.ProcessBuilder",
                  "java.util.Timer",
                  "java.util.concurrent.",
                  // time and chance, which are arguments
                  "java.lang.Math#random",
                  "java.lang.System#currentTimeMillis",
                  "java.lang.System#nanoTime",
                  "java.security.SecureRandom",
                  "java.time.Clock",
                  "java.time.Instant#now",
                  "java.time.LocalDate#now",
                  "java.time.LocalDateTime#now",
                  "java.time.LocalTime#now",
                  "java.time.OffsetDateTime#now",
                  "java.time.ZonedDateTime#now",
                  "java.util.Random",
                  "java.util.SplittableRandom",
                  "java.util.UUID#randomUUID",
                  // the way out of Java
                  "java.lang.System#load",
                  "java.lang.System#loadLibrary",
                  "java.lang.foreign.Linker",
                  "java.lang.foreign.SymbolLookup",
                  // libraries
                  "com.",
                  "info.",
                  "io.",
                  "javax.",
                  "jdk.",
                  "org.",
                  "tools."),
              Set.of("org.jspecify.annotations."),
              Set.of()),
          new Forbidden(
              "watari.host",
              List.of(
                  "com.sun.net.httpserver.",
                  "info.picocli.",
                  "picocli.",
                  "io.helidon.",
                  "tools.jackson.dataformat.yaml."),
              Set.of(),
              Set.of()),
          new Forbidden("watari.app", List.of("java.lang.foreign."), Set.of(), Set.of()));

  Forbidden {
    names = List.copyOf(names);
    except = Set.copyOf(except);
    exempt = Set.copyOf(exempt);
  }

  /// A sentence for each forbidden thing that a class below the package touches.
  List<String> violations(JavaClasses classes) {
    return classes.stream()
        .filter(type -> type.getPackageName().startsWith(below))
        .filter(type -> !exempt.contains(type.getName()))
        .flatMap(type -> Stream.concat(types(type), members(type)))
        .distinct()
        .sorted()
        .toList();
  }

  private Stream<String> types(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .filter(use -> forbids(use.getTargetClass().getBaseComponentType().getName()))
        .map(use ->
            "%s may not use %s, %s"
                .formatted(
                    type.getName(), use.getTargetClass().getName(), use.getSourceCodeLocation()));
  }

  private Stream<String> members(JavaClass type) {
    return type.getAccessesFromSelf().stream()
        .filter(use -> names.contains(member(use)))
        .map(use ->
            "%s may not use %s, %s"
                .formatted(type.getName(), member(use), use.getSourceCodeLocation()));
  }

  private static String member(JavaAccess<?> use) {
    return use.getTargetOwner().getName() + "#" + use.getTarget().getName();
  }

  private boolean forbids(String type) {
    return names.stream().anyMatch(name -> covers(name, type))
        && except.stream().noneMatch(name -> covers(name, type));
  }

  private static boolean covers(String name, String type) {
    return name.endsWith(".")
        ? type.startsWith(name)
        : type.equals(name) || type.startsWith(name + "$");
  }
}
