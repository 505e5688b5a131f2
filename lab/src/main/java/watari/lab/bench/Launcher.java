package watari.lab.bench;

import java.util.ArrayList;
import java.util.List;
import watari.lab.line.Jvm;
import watari.lab.line.Manner;

/// How a person starts a gateway or relay.
final class Launcher {
  private Launcher() {}

  /// By the launcher that has started this benchmark, with everything it does; without one, as in a
  /// test, in a JVM with its options.
  ///
  /// @param before what stands before the command
  static List<String> daemon(List<String> before, List<String> arguments) {
    String launcher = System.getProperty("watari.launcher");
    if (launcher == null) {
      return Jvm.here().product(new Manner(before, TunWish.JVM), arguments);
    }
    var command = new ArrayList<>(before);
    command.add(launcher);
    command.addAll(arguments);
    return command;
  }
}
