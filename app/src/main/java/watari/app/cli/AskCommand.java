package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `watari status` and `watari counters`: what a running gateway or relay says of itself, as JSON.
/// The question is the verb.
@Command(footer = "%nExit code: 0 answered, 1 nobody answers there.")
final class AskCommand implements Callable<Integer> {
  private final Watari watari;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private final SocketChoice socket = new SocketChoice();

  AskCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    try {
      String answer = socket.ask(spec.name());
      watari.console().out().write(answer.getBytes(StandardCharsets.UTF_8));
      return ExitCode.OK;
    } catch (IOException e) {
      watari.complain(String.valueOf(e.getMessage()));
      return ExitCode.FAILURE;
    }
  }
}
