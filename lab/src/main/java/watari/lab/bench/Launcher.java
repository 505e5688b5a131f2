package watari.lab.bench;

import java.util.ArrayList;
import java.util.List;
import watari.lab.line.Jvm;
import watari.lab.line.Manner;

/// How a person starts a gateway or relay.
final class Launcher {
  private Launcher() {}

  /// By the launcher that has started this bench, with everything it does; without one, in a JVM
  /// with its options.
  ///
  /// @param before what stands before the command
  static List<String> daemon(List<String> before, List<String> arguments) {
    String home = System.getProperty("watari.home");
    if (home == null) {
      return Jvm.here().product(new Manner(before, TunWish.JVM), arguments);
    }
    var command = new ArrayList<>(before);
    command.addAll(List.of("env", "WATARI_BUILD=never", home + "/watari"));
    command.addAll(arguments);
    return command;
  }
}
