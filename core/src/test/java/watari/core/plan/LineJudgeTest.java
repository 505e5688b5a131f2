package watari.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;

/// With a clock moved by hand.
final class LineJudgeTest {
  private static final LineMode MAP_E = new LineMode.MapE();
  private static final LineMode NONE = new LineMode.None();
  private static final LineMode NATIVE = plain("198.51.100.2");
  private static final long PATIENCE = LineJudge.PATIENCE_MILLIS;

  private final LineJudge judge = new LineJudge(LineWish.AUTO, true);
  private long now = 1_000_000;

  private static LineMode plain(String address) {
    return new LineMode.Native(Ipv4Address.parse(address), 1500);
  }

  private static LineFacts facts(String... addresses) {
    List<Ipv4Address> all = Arrays.stream(addresses).map(Ipv4Address::parse).toList();
    return new LineFacts(all, 1500);
  }

  private LineMode after(long millis, LineFacts facts) {
    now += millis;
    return judge.receive(facts, now);
  }

  @Test
  void takesWhatIsThereAtTheStartAtOnce() {
    assertThat(after(0, facts("198.51.100.2"))).isEqualTo(NATIVE);
    assertThat(new LineJudge(LineWish.AUTO, true).receive(LineFacts.NOTHING, 0)).isEqualTo(MAP_E);
    assertThat(new LineJudge(LineWish.AUTO, false).receive(LineFacts.NOTHING, 0)).isEqualTo(NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.168.1.2",
        "10.0.0.1",
        "172.31.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.0.1",
        "192.0.0.2",
        "240.0.0.1"
      })
  void anAddressThatTheInternetCannotReachIsNone(String address) {
    assertThat(after(0, facts(address))).isEqualTo(MAP_E);
    assertThat(after(0, facts(address, "203.0.113.200"))).isEqualTo(MAP_E);
    assertThat(after(PATIENCE, facts(address, "203.0.113.200"))).isEqualTo(plain("203.0.113.200"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100.63.255.255", "100.128.0.0", "172.32.0.1", "223.255.255.1"})
  void anAddressBesideThoseIsTheLinesOwn(String address) {
    assertThat(after(0, facts(address))).isEqualTo(plain(address));
  }

  @Test
  void goesToMapEWhenTheAddressHasGoneAndBackWhenItHasCome() {
    after(0, facts("198.51.100.2"));
    assertThat(after(10, LineFacts.NOTHING)).isEqualTo(NATIVE);
    assertThat(after(PATIENCE - 1, LineFacts.NOTHING)).isEqualTo(NATIVE);
    assertThat(after(1, LineFacts.NOTHING)).isEqualTo(MAP_E);
    assertThat(after(10, facts("198.51.100.2"))).isEqualTo(MAP_E);
    assertThat(after(2 * PATIENCE, facts("198.51.100.2"))).isEqualTo(NATIVE);
  }

  @Test
  void aMomentWithoutTheAddressIsNoChange() {
    after(0, facts("198.51.100.2"));
    for (int i = 0; i < 1000; i++) {
      assertThat(after(PATIENCE - 1, LineFacts.NOTHING)).isEqualTo(NATIVE);
      assertThat(after(1, facts("198.51.100.2"))).isEqualTo(NATIVE);
    }
  }

  @Test
  void keepsTheAddressInUseWhateverComesBesideIt() {
    after(0, facts("198.51.100.2"));
    assertThat(after(PATIENCE, facts("203.0.113.9", "198.51.100.2"))).isEqualTo(NATIVE);
    assertThat(after(PATIENCE, facts("203.0.113.9"))).isEqualTo(NATIVE);
    assertThat(after(PATIENCE, facts("203.0.113.9"))).isEqualTo(plain("203.0.113.9"));
  }

  @Test
  void anotherMtuCountsAtOnce() {
    after(0, facts("198.51.100.2"));
    var small = new LineFacts(List.of(Ipv4Address.parse("198.51.100.2")), 1454);
    assertThat(after(1, small))
        .isEqualTo(new LineMode.Native(Ipv4Address.parse("198.51.100.2"), 1454));
  }

  @Test
  void aLineThatComesAndGoesForAnHourChangesSeldom() {
    var before = after(0, facts("198.51.100.2"));
    int changes = 0;
    for (int second = 0; second < 3600; second++) {
      boolean isThere = second % 10 < 5;
      var mode = after(1000, isThere ? facts("198.51.100.2") : LineFacts.NOTHING);
      changes += mode.equals(before) ? 0 : 1;
      before = mode;
    }
    assertThat(changes).isLessThan(10);
    assertThat(before).isEqualTo(MAP_E);
  }

  @Test
  void aLineThatComesAndGoesSlowlyChangesAboutOnceAMinuteAtMost() {
    var before = after(0, facts("198.51.100.2"));
    int changes = 0;
    for (int second = 0; second < 36_000; second++) {
      boolean isThere = second % 90 < 70;
      var mode = after(1000, isThere ? facts("198.51.100.2") : LineFacts.NOTHING);
      changes += mode.equals(before) ? 0 : 1;
      before = mode;
    }
    assertThat(changes).isBetween(10, 2 * 36_000 / 90);
  }

  @Test
  void aQuietDayMakesTheLineTrustedAgain() {
    after(0, facts("198.51.100.2"));
    for (int i = 0; i < 10; i++) {
      after(PATIENCE, LineFacts.NOTHING);
      after(PATIENCE, LineFacts.NOTHING);
      after(0, facts("198.51.100.2"));
      after(LineJudge.PATIENCE_MILLIS_MAX, facts("198.51.100.2"));
    }
    after(LineJudge.CALM_MILLIS, facts("198.51.100.2"));
    after(0, LineFacts.NOTHING);
    assertThat(after(PATIENCE, LineFacts.NOTHING)).isEqualTo(MAP_E);
    after(0, facts("198.51.100.2"));
    assertThat(after(PATIENCE, facts("198.51.100.2"))).isEqualTo(NATIVE);
  }

  @Test
  void withoutAnyWayTheFirstThatComesIsTakenAtOnce() {
    var alone = new LineJudge(LineWish.NATIVE, true);
    assertThat(alone.receive(LineFacts.NOTHING, 0)).isEqualTo(NONE);
    assertThat(alone.receive(facts("198.51.100.2"), 1)).isEqualTo(NATIVE);
  }

  @Test
  void whoWantsMapEOnlyHasMapEOnly() {
    var alone = new LineJudge(LineWish.MAP_E, true);
    assertThat(alone.receive(facts("198.51.100.2"), 0)).isEqualTo(MAP_E);
    assertThat(alone.receive(facts("198.51.100.2"), 100_000)).isEqualTo(MAP_E);
  }
}
