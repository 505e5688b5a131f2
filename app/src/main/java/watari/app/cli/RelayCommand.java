package watari.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import watari.app.config.Checked;
import watari.app.config.RelayConfig;
import watari.app.control.Controller;

/// `watari relay`: the provider's end of the line, in the foreground until it is told to stop.
@Command(
    name = "relay",
    description = "Run a relay: check, decapsulate, find the subscriber, encapsulate.",
    footer =
        "%nExit code: 0 stopped, 1 the kernel refused or took the device, 2 the file is wrong.")
final class RelayCommand implements Callable<Integer> {
  private final Watari watari;

  @Option(names = "-c", paramLabel = "FILE", required = true, description = "its configuration")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "say what would be put into the kernel, and end")
  private boolean isDryRun;

  RelayCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() {
    return switch (RelayConfig.read(file)) {
      case Checked.Valid(RelayConfig config) ->
          new Foreground(watari).run(Controller.of(config), isDryRun);
      case Checked.Invalid(var problems) -> throw new Unusable(problems);
    };
  }
}
