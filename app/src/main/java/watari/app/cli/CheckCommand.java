package watari.app.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `watari check`: is this line MAP-E?
@Command(
    name = "check",
    description = "Is this line MAP-E? The rules one by one, then address, ports and relay.",
    footer = "%nExit code: 0 all are MAP-E, 3 one is not, 2 one cannot be read.")
final class CheckCommand implements Callable<Integer> {
  private final Watari watari;

  @Mixin private final RuleChoice rules = new RuleChoice();

  @Parameters(
      paramLabel = "PREFIX",
      arity = "1..*",
      description = "an end-user prefix, as in 2001:db8:12:3400::/56, or - for lines of them")
  private List<String> prefixes = List.of();

  @Option(names = "--json", description = "an object a line")
  private boolean isJson;

  @Option(names = "--all", description = "every rule of a service that has hundreds")
  private boolean showsAll;

  CheckCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    var check = new Check(watari, rules.services(), isJson, showsAll);
    for (String prefix : prefixes) {
      if (prefix.equals("-")) {
        new Lines(watari.console().in(), check).read();
      } else {
        check.answer(prefix, 0);
        check.pause();
      }
    }
    return check.exitCode();
  }
}
