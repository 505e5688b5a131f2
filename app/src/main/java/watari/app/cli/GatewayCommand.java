package watari.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import watari.app.config.Checked;
import watari.app.config.GatewayConfig;
import watari.app.control.Controller;

/// `watari gateway`: the home's end of the line, in the foreground until it is told to stop.
@Command(
    name = "gateway",
    description = "Run a gateway: translate the home into its port set and tunnel.",
    footer =
        "%nExit code: 0 stopped, 1 the kernel refused or took the device, 2 the file is wrong.")
final class GatewayCommand implements Callable<Integer> {
  private final Watari watari;

  @Option(names = "-c", paramLabel = "FILE", required = true, description = "its configuration")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "say what would be put into the kernel, and end")
  private boolean isDryRun;

  GatewayCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() {
    return switch (GatewayConfig.read(file)) {
      case Checked.Valid(GatewayConfig config) ->
          new Foreground(watari).run(Controller.of(config), isDryRun);
      case Checked.Invalid(var problems) -> throw new Unusable(problems);
    };
  }
}
