package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RowTest {
  private static final long SECOND = 1_000_000_000;

  private static Measurement arrived(long packets) {
    return new Measurement(packets, packets, SECOND);
  }

  private static Row row(int size, List<Measurement> watari, List<Measurement> kernel) {
    return new Row(Direction.RELAY_DOWN, size, watari, kernel);
  }

  @Test
  void countsAMillionPacketsASecondAsOne() {
    assertThat(new Measurement(600_000, 500_000, SECOND / 2).mpps()).isEqualTo(1.0);
  }

  @Test
  void countsWhatDidNotArriveAsLost() {
    assertThat(new Measurement(1000, 990, 1).lost()).isEqualTo(10);
  }

  @Test
  void takesTheMiddleOfAnOddNumberOfRounds() {
    var figures = Figures.ofSamples(new double[] {5, 1, 3});
    assertThat(figures.median()).isEqualTo(3);
    assertThat(figures.least()).isEqualTo(1);
    assertThat(figures.most()).isEqualTo(5);
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
    assertThat(Figures.ofSamples(new double[] {8, 2, 4, 100}).median()).isEqualTo(6);
  }

  /// The medians themselves are 200 and 1000; the rounds stand at 0.1, 0.2 and 0.5.
  @Test
  void comparesTheMeasurementsOfOneRoundWithEachOther() {
    var row =
        row(
            64,
            List.of(arrived(100), arrived(400), arrived(200)),
            List.of(arrived(1000), arrived(2000), arrived(400)));
    assertThat(row.ratio().median()).isCloseTo(0.2, within(1e-9));
    assertThat(row.ratio().least()).isCloseTo(0.1, within(1e-9));
    assertThat(row.ratio().most()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void sumsTheLossOfAllRounds() {
    var rounds = List.of(new Measurement(1000, 1000, 1), new Measurement(3000, 2999, 1));
    assertThat(Row.lostOfMillion(rounds)).isEqualTo(250);
  }

  @Test
  void hasATargetForSmallPacketsOnly() {
    assertThat(TunTable.line(row(64, List.of(arrived(30)), List.of(arrived(100))))).contains("met");
    assertThat(TunTable.line(row(64, List.of(arrived(29)), List.of(arrived(100)))))
        .contains("missed");
    assertThat(TunTable.line(row(1400, List.of(arrived(29)), List.of(arrived(100)))))
        .doesNotContain("met")
        .doesNotContain("missed");
  }

  @Test
  void givesTheRatioAndBothRatesToPrograms() {
    var values = row(64, List.of(arrived(250_000)), List.of(arrived(1_000_000))).values();
    assertThat(values)
        .containsEntry("direction", "relay-down")
        .containsEntry("size", 64)
        .containsEntry("rounds", 1)
        .containsEntry("ratio", 0.25);
    assertThat(values.get("watari")).asString().contains("mpps=0.25");
    assertThat(values.get("kernel")).asString().contains("mpps=1.0");
  }

  @Test
  void refusesRoundsWithoutAPartner() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> row(64, List.of(arrived(1), arrived(1)), List.of(arrived(1))));
  }
}
