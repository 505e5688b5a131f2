package watari.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import watari.app.control.StateSocket;

/// Which running gateway or relay a command asks.
final class SocketChoice {
  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "where it listens (default: ${DEFAULT-VALUE})")
  private Path socket = Path.of("/run/watari/gateway.sock");

  SocketChoice() {}

  /// @throws IOException when nobody answers there, with a sentence that says so
  String ask(String question) throws IOException {
    return StateSocket.ask(socket, question);
  }
}
