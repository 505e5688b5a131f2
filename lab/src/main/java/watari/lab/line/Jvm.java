package watari.lab.line;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How to start a main class in a JVM like this one.
///
/// @param java the `java` program
/// @param path the options that bring the same classes
/// @param modular whether a main class is named with its module
public record Jvm(Path java, List<String> path, boolean modular) {

  public Jvm {
    path = List.copyOf(path);
  }

  /// The JVM that runs this code.
  public static Jvm here() {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    return Jvm.class.getModule().isNamed()
        ? new Jvm(java, modulePath(System.getProperty("jdk.module.path", "")), true)
        : new Jvm(java, List.of("-cp", classPath()), false);
  }

  /// The command that starts a verb of the product.
  public List<String> product(List<String> arguments) {
    return product(Manner.SMALL, arguments);
  }

  /// The command that starts a verb of the product in a manner.
  public List<String> product(Manner manner, List<String> arguments) {
    return command(manner, "watari.app", "watari.app.cli.Main", arguments);
  }

  /// The command that starts the lab.
  public List<String> lab(List<String> arguments) {
    return command(Manner.SMALL, "watari.lab", "watari.lab.Main", arguments);
  }

  private List<String> command(Manner manner, String module, String main, List<String> arguments) {
    var command = new ArrayList<>(manner.before());
    command.add(java.toString());
    command.addAll(manner.options());
    command.add("--illegal-native-access=deny");
    command.add("--enable-native-access=" + (modular ? "watari.host" : "ALL-UNNAMED"));
    command.addAll(path);
    command.addAll(modular ? List.of("-m", module + "/" + main) : List.of(main));
    command.addAll(arguments);
    return command;
  }

  /// An image of jlink has no module path: the modules are in the image.
  private static List<String> modulePath(String path) {
    return path.isEmpty() ? List.of() : List.of("-p", path);
  }

  /// Surefire hides the real path behind a jar of its own.
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
