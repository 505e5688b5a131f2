package watari.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import watari.app.control.Controller;

/// Runs a gateway or relay for a command.
final class Foreground {
  private final Watari watari;

  Foreground(Watari watari) {
    this.watari = watari;
  }

  int run(Controller controller, boolean isDryRun) {
    var out = new PrintStream(watari.console().out(), true, StandardCharsets.UTF_8);
    if (isDryRun) {
      out.println("device " + controller.plan().device() + ", MTU " + controller.plan().mtu());
      controller.plan().items().forEach(out::println);
      return ExitCode.OK;
    }
    try {
      controller.run(out);
      return ExitCode.OK;
    } catch (IOException e) {
      watari.complain(String.valueOf(e.getMessage()));
      return ExitCode.FAILURE;
    }
  }
}
