package watari.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import watari.app.config.RelayConfig;
import watari.app.control.Controller;

/// `watari relay`: the provider's end of the line.
@Command(
    name = "relay",
    description = "Run a relay: check, decapsulate, find the subscriber, encapsulate.")
final class RelayCommand extends EndCommand {
  RelayCommand(Watari watari) {
    super(watari);
  }

  @Override
  Controller controller(Path file) {
    return Controller.of(valid(RelayConfig.read(file)), () -> RelayConfig.read(file));
  }
}
