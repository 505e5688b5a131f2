package watari.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import watari.app.config.Checked;
import watari.app.config.GatewayConfig;
import watari.app.control.Controller;
import watari.app.control.Keeping;

/// `watari gateway`: the home's end of the line.
@Command(
    name = "gateway",
    description = "Run a gateway: translate the home into its port set and tunnel.")
final class GatewayCommand extends EndCommand {
  private final Watari watari;

  GatewayCommand(Watari watari) {
    super(watari);
    this.watari = watari;
  }

  @Override
  Controller controller(Path file) {
    GatewayConfig config = valid(read(file));
    if (!config.identity().isDerivable()) {
      int length = config.identity().rule().endUserLength();
      watari.complain(watari.words().say("check.notDerivable", length));
    }
    return Controller.of(config, () -> read(file));
  }

  private static Checked<GatewayConfig> read(Path file) {
    return GatewayConfig.read(file, Keeping::look);
  }
}
