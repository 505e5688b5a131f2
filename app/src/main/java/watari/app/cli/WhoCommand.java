package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `watari who`: the subscriber behind an address and port.
@Command(
    name = "who",
    description = "The subscriber behind an IPv4 address and port, or why nobody can be.",
    footer = "%nExit code: 0 somebody is behind each, 3 nobody behind one, 2 one cannot be read.")
final class WhoCommand implements Callable<Integer> {
  private final Watari watari;

  @Mixin private final RuleChoice rules = new RuleChoice();

  @Parameters(
      paramLabel = "IPV4:PORT",
      arity = "1..*",
      description = "as in 192.0.2.18:1232, or - for lines of them")
  private List<String> endpoints = List.of();

  @Option(names = "--json", description = "an object a line")
  private boolean isJson;

  WhoCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    var who = new Who(watari, rules.services().table(), isJson);
    for (String endpoint : endpoints) {
      if (endpoint.equals("-")) {
        new Lines(watari.console().in(), who).read();
      } else {
        byte[] bytes = endpoint.getBytes(StandardCharsets.UTF_8);
        who.line(bytes, 0, bytes.length, 0);
        who.pause();
      }
    }
    return who.exitCode();
  }
}
