package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import watari.app.config.Match;
import watari.app.config.Services;
import watari.core.net.Refused;
import watari.core.rule.MapRule;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;

/// `watari explain`: a value taken apart.
@Command(
    name = "explain",
    description = "An address, prefix, port, MAP address or S46 option, taken apart bit by bit.")
final class ExplainCommand implements Callable<Integer> {
  private final Watari watari;

  @Mixin private final RuleChoice rules = new RuleChoice();

  @Parameters(
      paramLabel = "X",
      arity = "1..*",
      description =
          "2001:db8:12:3400::/56, 192.0.2.18, 192.0.2.18:1232, 5475, or an option in hexadecimal")
  private List<String> values = List.of();

  @Option(names = "--offset", paramLabel = "A", description = "of a port: the PSID offset")
  private @Nullable Integer offset;

  @Option(names = "--psid-length", paramLabel = "K", description = "of a port: the PSID's bits")
  private @Nullable Integer psidLength;

  ExplainCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    Services services = rules.services();
    var explain = new Explain(services, cut(services), watari.console().hasColours());
    String between = "";
    for (String value : values) {
      String text = between + explain.explain(value);
      watari.console().out().write(text.getBytes(StandardCharsets.UTF_8));
      between = "\n";
    }
    return ExitCode.OK;
  }

  private Optional<Explain.PortCut> cut(Services services) {
    if (psidLength != null) {
      int a = offset == null ? MapRule.PSID_OFFSET_DEFAULT : offset;
      var checked = new PortSet(a, new Psid(0, psidLength));
      return Optional.of(
          new Explain.PortCut(
              a,
              checked.psid().length(),
              "offset " + a + " and PSID length " + psidLength,
              Optional.empty()));
    }
    if (offset != null) {
      throw new Refused("--offset needs --psid-length beside it");
    }
    return rules.isNarrow() ? common(services) : Optional.empty();
  }

  /// The cut that all rules chosen have.
  private static Optional<Explain.PortCut> common(Services services) {
    List<Match> all = services.matches().toList();
    Match first = all.getFirst();
    boolean isCommon = all.stream().allMatch(match -> isSameCut(match.rule(), first.rule()));
    return isCommon ? Optional.of(Explain.cut(first)) : Optional.empty();
  }

  private static boolean isSameCut(MapRule one, MapRule other) {
    return one.psidOffset() == other.psidOffset() && one.psidLength() == other.psidLength();
  }
}
