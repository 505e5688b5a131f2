package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionFiguresTest {
  private static SessionFigures of(double turnover) {
    return new SessionFigures(1_000_000, 1.5, turnover, 12.5, 3, 88.4);
  }

  @Test
  void saysWhichTargetsAreMet() {
    assertThat(of(250_000).lines())
        .anySatisfy(line -> assertThat(line).matches("seconds to open 1,000,000 .*1.50 .*<= 2 met"))
        .anySatisfy(line -> assertThat(line).endsWith("250,000   >= 200,000 met"))
        .anySatisfy(line -> assertThat(line).matches("ms, longest step .*12.50 .*<= 10 missed"))
        .anySatisfy(line -> assertThat(line).matches("bytes a session .*88.40 .*<= 200 met"));
    assertThat(of(199_999).lines()).anyMatch(line -> line.endsWith(">= 200,000 missed"));
  }

  @Test
  void ofSeveralRunsTakesTheOneInTheMiddle() {
    assertThat(SessionFigures.middle(List.of(of(3), of(1), of(2))).turnover()).isEqualTo(2);
  }

  @Test
  void theLoadFillsTurnsAndEmptiesARealTable() {
    var figures = SessionLoad.measure(50_000);
    assertThat(figures.sessions()).isEqualTo(50_000);
    assertThat(figures.bytesEach()).isGreaterThanOrEqualTo(64);
    assertThat(figures.values()).hasSize(6);
  }
}
