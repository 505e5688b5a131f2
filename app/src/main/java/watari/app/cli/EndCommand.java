package watari.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import watari.app.config.Checked;
import watari.app.control.Controller;
import watari.host.kernel.Libc;

/// A command that runs one end of the tunnel, in the foreground until it is told to stop.
@Command(
    footer =
        "%nExit code: 0 stopped, 1 the kernel refused or took the device, 2 the file is wrong.")
abstract sealed class EndCommand implements Callable<Integer> permits GatewayCommand, RelayCommand {
  private final Watari watari;

  @Option(names = "-c", paramLabel = "FILE", required = true, description = "its configuration")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "say what would be put into the kernel, and end")
  private boolean isDryRun;

  EndCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() {
    return run(file, isDryRun);
  }

  /// Runs what a file describes; returns the exit code.
  int run(Path file, boolean isDryRun) {
    // what calls the kernel takes as long to link as the file to read
    Thread.ofPlatform().name("link").daemon().start(Libc::link);
    try {
      return new Foreground(watari).run(controller(file), isDryRun);
    } catch (IOException e) {
      watari.complain(String.valueOf(e.getMessage()));
      return ExitCode.FAILURE;
    }
  }

  /// What the file describes.
  ///
  /// @throws Unusable when it is not valid
  /// @throws IOException when the kernel does not say what the line is
  abstract Controller controller(Path file) throws IOException;

  static <T> T valid(Checked<T> checked) {
    return switch (checked) {
      case Checked.Valid<T>(T config) -> config;
      case Checked.Invalid<T>(var problems) -> throw new Unusable(problems);
    };
  }
}
