package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import watari.app.config.Service;
import watari.app.config.Services;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;

/// `watari rules list`: the services and their rules.
@Command(
    name = "list",
    description = "The built-in services and the domains of a rules file; with --all every rule.")
final class RulesListCommand implements Callable<Integer> {
  private static final int RULES_SHOWN_MAX = 8;

  private final Watari watari;

  @Mixin private final RuleChoice rules = new RuleChoice();

  @Option(names = "--json", description = "an object a rule and line")
  private boolean isJson;

  @Option(names = "--all", description = "every rule of a service that has hundreds")
  private boolean showsAll;

  RulesListCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    Services services = rules.services();
    if (isJson) {
      json(services).flush(watari.console().out());
    } else {
      var out = new StringBuilder();
      services.list().forEach(service -> service(service, out));
      watari.console().out().write(out.toString().getBytes(StandardCharsets.UTF_8));
    }
    return ExitCode.OK;
  }

  private static Json json(Services services) {
    var json = new Json();
    var writer = new CheckJson(json);
    services.matches().forEach(writer::rule);
    return json;
  }

  private void service(Service service, StringBuilder out) {
    Words words = watari.words();
    String title = words.isJapanese() ? service.titleJapanese() : service.title();
    out.append(out.isEmpty() ? "" : "\n").append(service.name());
    out.append(title.equals(service.name()) ? "" : ", " + title).append('\n');
    for (MapDomain domain : service.domains()) {
      String label = domain.confidence().label();
      out.append(words.row("relay", domain.relay() + (domain.mesh() ? ", mesh" : "")))
          .append('\n')
          .append(words.row("confidence", words.say("confidence." + label, label)))
          .append('\n');
      rules(domain, out);
    }
  }

  private void rules(MapDomain domain, StringBuilder out) {
    int count = domain.rules().size();
    int shown = showsAll || count <= RULES_SHOWN_MAX ? count : 2;
    for (MapRule rule : domain.rules().subList(0, shown)) {
      out.append("    ").append(rule).append('\n');
    }
    if (shown < count) {
      out.append("    ").append(watari.words().say("rules.more", count - shown)).append('\n');
    }
  }
}
