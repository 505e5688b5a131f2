package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `watari reload`: a running gateway or relay reads its file again.
@Command(
    name = "reload",
    description = "Let a running gateway or relay read its file again; its sessions live on.",
    footer =
        "%nExit code: 0 done, 1 nobody answers there or the kernel refused, 2 the file is wrong and"
            + " nothing has changed.")
final class ReloadCommand implements Callable<Integer> {
  private final Watari watari;

  @Mixin private final SocketChoice socket = new SocketChoice();

  ReloadCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    String answer;
    try {
      answer = socket.ask("reload");
    } catch (IOException e) {
      watari.complain(String.valueOf(e.getMessage()));
      return ExitCode.FAILURE;
    }
    JsonNode tree = JsonMapper.shared().readTree(answer);
    if (tree.has("error")) {
      watari.complain(tree.path("error").asString());
      return ExitCode.FAILURE;
    }
    if (!tree.path("problems").isEmpty()) {
      tree.path("problems").forEach(problem -> watari.complain(problem.asString()));
      return ExitCode.WRONG_USAGE;
    }
    watari.console().out().write(answer.getBytes(StandardCharsets.UTF_8));
    return ExitCode.OK;
  }
}
