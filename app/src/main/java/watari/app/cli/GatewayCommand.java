package watari.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import watari.app.config.Checked;
import watari.app.config.GatewayConfig;
import watari.app.config.MapE;
import watari.app.control.Controller;
import watari.app.control.Keeping;

/// `watari gateway`: the home's end of the line.
@Command(
    name = "gateway",
    description = {
      "Run a gateway: translate the home into its port set and tunnel.",
      "Where the line has an IPv4 address of its own, the key 'mode' of its file lets it do without"
          + " the tunnel."
    })
final class GatewayCommand extends EndCommand {
  private final Watari watari;

  GatewayCommand(Watari watari) {
    super(watari);
    this.watari = watari;
  }

  @Override
  Controller controller(Path file) throws IOException {
    GatewayConfig config = valid(read(file));
    config
        .mapE()
        .map(MapE::identity)
        .filter(identity -> !identity.isDerivable())
        .map(identity -> watari.words().say("check.notDerivable", identity.rule().endUserLength()))
        .ifPresent(watari::complain);
    return Controller.of(config, () -> read(file));
  }

  private static Checked<GatewayConfig> read(Path file) {
    return GatewayConfig.read(file, Keeping::look);
  }
}
