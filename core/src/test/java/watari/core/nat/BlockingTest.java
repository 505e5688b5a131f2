package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static watari.core.nat.HomeNat.HOST;
import static watari.core.nat.HomeNat.SERVER;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How often a home is refused a flow when it wants more than it has: as often as a telephone
/// exchange with as many lines refuses a call (A. K. Erlang, 1917), so no port lies idle.
final class BlockingTest {
  /// Enough that chance moves the share by a quarter of the tolerance.
  private static final int FLOWS = 200_000;

  private static final double TOLERANCE = 0.01;

  /// Of 240 ports, those that one remote endpoint can be spoken to by: the rest is kept for whoever
  /// asks for a port of its own.
  private static final int ADAPTIVE_PORTS = 216;

  private static HomeNat home(int reservePercent, int seconds) {
    var timers = new Timers(300, seconds, 7440, 240, 240, 240, 60);
    var draft = new NatDraft(NatSettings.strict(Ports.RANGES_OF_16, timers, 4096));
    draft.reservePercent = reservePercent;
    return new HomeNat(Ports.RANGES_OF_16, draft.settings());
  }

  /// The share of flows that a home is refused: each a look-up from a port of its own, so each
  /// needs a port as long as the timer of DNS says.
  private static double refused(HomeNat home, double flowsPerSecond, int seconds) {
    var random = new SplittableRandom(19170101);
    int refused = 0;
    int counted = 0;
    for (int flow = 0; flow < FLOWS; flow++) {
      home.passMillis(Math.round(-Math.log(1 - random.nextDouble()) * 1000 / flowsPerSecond));
      home.napt.tick(home.now());
      boolean passes = home.goesOut(home.probe.udp(HOST, 1 + flow % 65_535, SERVER, 53));
      if (flow >= flowsPerSecond * seconds * 3) {
        counted++;
        refused += passes ? 0 : 1;
      }
    }
    return (double) refused / counted;
  }

  /// The share of calls that find all lines busy.
  private static double erlangB(double offered, int lines) {
    double blocked = 1;
    for (int line = 1; line <= lines; line++) {
      blocked = offered * blocked / (line + offered * blocked);
    }
    return blocked;
  }

  /// D-05, CGN-17
  @ParameterizedTest
  @CsvSource({"10, 20", "12, 20", "50, 10", "50, 30"})
  void isWhatErlangSaysOf240Ports(double flowsPerSecond, int seconds) {
    assertThat(refused(home(0, seconds), flowsPerSecond, seconds))
        .isCloseTo(erlangB(flowsPerSecond * seconds, 240), within(TOLERANCE));
  }

  /// D-05
  @ParameterizedTest
  @CsvSource({"10, 20", "50, 10"})
  void isThatOf216PortsTowardsOneServerWhereATenthIsKept(double flowsPerSecond, int seconds) {
    assertThat(refused(home(20, seconds), flowsPerSecond, seconds))
        .isCloseTo(erlangB(flowsPerSecond * seconds, ADAPTIVE_PORTS), within(TOLERANCE));
  }

  /// Known figures, of any table of Erlang's: 1 line and 1 erlang, 10 and 5, 240 and 240.
  @Test
  void theFormulaIsErlangs() {
    assertThat(erlangB(1, 1)).isEqualTo(0.5);
    assertThat(erlangB(5, 10)).isCloseTo(0.018385, within(1e-6));
    assertThat(erlangB(500, 240)).isBetween(0.52, 0.53);
  }
}
