package watari.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import watari.core.rule.Finding;

final class RulesLintTest {

  /// MAPE-06, MAPE-12
  @Test
  void findsWhatTheFileDoesWrong() {
    RulesLint lint = RulesLint.of(Path.of("src/test/resources/rules/bad.yaml"));
    assertThat(lint.problems())
        .extracting(Problem::line, Problem::sentence)
        .containsExactly(
            tuple(7, "a rule has no key 'comment'; it may have ipv6, ipv4, ea, psid, psidOffset"));
    assertThat(lint.findings())
        .extracting(Finding::kind)
        .contains(Finding.Kind.HOST_BITS, Finding.Kind.SAME_IPV6, Finding.Kind.DIFFERENT_CUT);
    assertThat(lint.findings()).extracting(Finding::place).contains("line 8", "line 9");
  }

  @Test
  void findsNothingWrongInTheExample() {
    RulesLint lint = RulesLint.of(Path.of("src/test/resources/rules/example.yaml"));
    assertThat(lint.problems()).isEmpty();
    assertThat(lint.findings()).noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
  }
}
