package watari.app.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import watari.app.config.Checked;
import watari.app.config.RuleText;
import watari.app.config.RulesFile;
import watari.app.config.Services;
import watari.core.net.Refused;

/// The options that say which rules a command answers from; without any, the built-in services.
final class RuleChoice {
  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "a rules file (YAML); it adds to the built-in services or overrides them")
  private @Nullable Path rules;

  @Option(names = "--service", paramLabel = "NAME", description = "only this service or domain")
  private @Nullable String service;

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description =
          "one rule by hand: 'ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16 offset=6 layout=rfc7597"
              + " relay=2001:db8:ffff::1', and psid=0x34/8 where it is given; without offset it is"
              + " 6, without layout rfc7597")
  private @Nullable String rule;

  /// The services chosen.
  ///
  /// @throws Refused when the options contradict each other or name an unknown service
  /// @throws Unusable when the file or the rule is wrong
  Services services() {
    if (rule != null) {
      if (rules != null || service != null) {
        throw new Refused("--rule stands alone; take --rules and --service away");
      }
      return Services.of(List.of(valid(RuleText.parse(rule))));
    }
    Services builtIn = Services.builtIn();
    Services all = rules == null ? builtIn : builtIn.overriddenBy(valid(RulesFile.read(rules)));
    return service == null ? all : all.only(service);
  }

  /// Whether one rule or one service is chosen.
  boolean isNarrow() {
    return rule != null || service != null;
  }

  private static <T> T valid(Checked<T> checked) {
    return switch (checked) {
      case Checked.Valid<T>(T value) -> value;
      case Checked.Invalid<T>(var problems) -> throw new Unusable(problems);
    };
  }
}
