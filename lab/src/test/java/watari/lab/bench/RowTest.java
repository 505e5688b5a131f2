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

  private static Round round(long kernel, long watari) {
    return new Round(arrived(10 * kernel), arrived(kernel), arrived(watari));
  }

  private static Row row(int size, Round... rounds) {
    return new Row(Direction.RELAY_DOWN, size, List.of(rounds));
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
    var ratio = row(64, round(1000, 100), round(2000, 400), round(400, 200)).figures(Round::ratio);
    assertThat(ratio.median()).isCloseTo(0.2, within(1e-9));
    assertThat(ratio.least()).isCloseTo(0.1, within(1e-9));
    assertThat(ratio.most()).isCloseTo(0.5, within(1e-9));
  }

  /// A second for 4, 2 and 1 million packets: 0.25 µs to arrive, 0.5 and 1 µs in all.
  @Test
  void takesTheArrivalOffForForwardingAlone() {
    var round = new Round(arrived(4_000_000), arrived(2_000_000), arrived(1_000_000));
    assertThat(round.forwardingRatio()).isCloseTo(0.25 / 0.75, within(1e-9));
  }

  @Test
  void sumsTheLossOfAllRounds() {
    var none = arrived(1000);
    var row =
        row(
            64,
            new Round(none, none, new Measurement(1000, 1000, 1)),
            new Round(none, none, new Measurement(3000, 2999, 1)));
    assertThat(row.lostOfMillion(Round::watari)).isEqualTo(250);
    assertThat(row.lostOfMillion(Round::kernel)).isZero();
  }

  @Test
  void hasATargetForSmallPacketsOnly() {
    assertThat(TunTable.line(row(64, round(100, 30)))).contains("met");
    assertThat(TunTable.line(row(64, round(100, 29)))).contains("missed");
    assertThat(TunTable.line(row(1400, round(100, 29))))
        .doesNotContain("met")
        .doesNotContain("missed");
  }

  @Test
  void givesTheRatioAndBothRatesToPrograms() {
    var values = row(64, round(1_000_000, 250_000)).values();
    assertThat(values)
        .containsEntry("direction", "relay-down")
        .containsEntry("size", 64)
        .containsEntry("rounds", 1)
        .containsEntry("ratio", 0.25);
    assertThat(values.get("watari")).asString().contains("mpps=0.25");
    assertThat(values.get("kernel")).asString().contains("mpps=1.0");
  }

  @Test
  void refusesARowWithoutRounds() {
    assertThatIllegalArgumentException().isThrownBy(() -> row(64));
  }
}
