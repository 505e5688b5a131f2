package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import watari.app.config.Problem;
import watari.app.config.RulesLint;
import watari.core.rule.Finding;

/// `watari rules lint`: what is wrong in a rules file, and what is wasted.
@Command(
    name = "lint",
    description = "Overlaps, wasted ports and everything else that is wrong in a rules file.",
    footer = "%nExit code: 0 without errors, 2 with one.")
final class RulesLintCommand implements Callable<Integer> {
  private final Watari watari;

  @Parameters(paramLabel = "FILE", description = "a rules file (YAML)")
  private Path file = Path.of("");

  @Option(names = "--json", description = "an object a finding and line")
  private boolean isJson;

  RulesLintCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    RulesLint lint = RulesLint.of(file);
    if (isJson) {
      json(lint).flush(watari.console().out());
    } else {
      watari.console().out().write(text(lint).getBytes(StandardCharsets.UTF_8));
    }
    boolean isWrong =
        !lint.problems().isEmpty()
            || lint.findings().stream()
                .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    return isWrong ? ExitCode.WRONG_USAGE : ExitCode.OK;
  }

  private String text(RulesLint lint) {
    var out = new StringBuilder();
    for (Problem problem : lint.problems()) {
      out.append(problem.source()).append(problem.line() == 0 ? "" : ", line " + problem.line());
      out.append(": error: ").append(problem.sentence()).append('\n');
    }
    for (Finding finding : lint.findings()) {
      out.append(file).append(", ").append(finding.place()).append(": ");
      out.append(severity(finding)).append(": ").append(finding.sentence()).append('\n');
      if (!finding.example().isEmpty()) {
        out.append("    for example ").append(finding.example()).append('\n');
      }
    }
    return out.isEmpty() ? file + ": nothing is wrong\n" : out.toString();
  }

  private static String severity(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }

  private static Json json(RulesLint lint) {
    var json = new Json();
    for (Problem problem : lint.problems()) {
      line(json, "error", "text", problem.line() == 0 ? "" : "line " + problem.line());
      json.name("sentence").text(problem.sentence()).name("example").text("").end().line();
    }
    for (Finding finding : lint.findings()) {
      line(json, severity(finding), finding.kind().label(), finding.place());
      json.name("sentence").text(finding.sentence());
      json.name("example").text(finding.example()).end().line();
    }
    return json;
  }

  private static void line(Json json, String severity, String kind, String place) {
    json.begin().name("severity").text(severity).name("kind").text(kind);
    json.name("place").text(place);
  }
}
