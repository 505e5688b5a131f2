package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.core.event.Event;
import watari.core.net.Ipv4Prefix;
import watari.core.plan.ForwardPlan;
import watari.core.plan.Item;
import watari.core.plan.LineMode;
import watari.core.plan.PlacedForward;
import watari.core.plan.RememberedForward;
import watari.core.wire.Protocol;

/// What a gateway is to be on a line that changes.
final class WantedTest {
  private static final String FORWARDS =
      """
      forwards:
        - {name: web, protocol: tcp, port: 443, to: 192.168.1.20}
        - {name: game, protocol: udp, port: 4930, to: 192.168.1.20}
        - {name: torrent, protocol: tcp, block: 15, to: 192.168.1.20}
      """;

  @TempDir private Path folder = Path.of("");

  private Wanted wanted(String mode, LineMode line) throws IOException {
    return ChangingLine.of(folder, "mode: " + mode + "\n" + FORWARDS).on(line);
  }

  private static List<String> names(ForwardPlan plan) {
    return plan.forwards().stream().map(PlacedForward::name).toList();
  }

  private static List<String> lost(ForwardPlan plan) {
    return plan.memory().stream()
        .filter(RememberedForward::isLost)
        .map(RememberedForward::name)
        .toList();
  }

  /// MAPE-58
  @Test
  void aForwardThatOnlyTheOtherWayHasIsSaidToBeLostFromTheFirstStartOn() throws IOException {
    ForwardPlan shared = wanted("auto", ChangingLine.MAP_E).forwards(List.of());
    assertThat(names(shared)).containsExactly("game", "torrent");
    assertThat(lost(shared)).containsExactly("web");
    assertThat(shared.events()).containsExactly(new Event.ForwardLost("web", Protocol.TCP, 443));
    ForwardPlan whole = wanted("auto", ChangingLine.NATIVE).forwards(List.of());
    assertThat(names(whole)).containsExactly("web", "game");
    assertThat(lost(whole)).containsExactly("torrent");
    assertThat(whole.events())
        .containsExactly(new Event.ForwardLost("torrent", Protocol.TCP, 62_272));
  }

  @Test
  void eachChangeOfTheLineSaysWhichForwardsComeAndGo() throws IOException {
    ForwardPlan shared = wanted("auto", ChangingLine.MAP_E).forwards(List.of());
    ForwardPlan none = wanted("auto", ChangingLine.NONE).forwards(shared.memory());
    assertThat(none.forwards()).isEmpty();
    assertThat(none.events()).isEmpty();
    ForwardPlan whole = wanted("auto", ChangingLine.NATIVE).forwards(none.memory());
    assertThat(whole.events())
        .containsExactly(
            new Event.ForwardRestored("web", Protocol.TCP, 443),
            new Event.ForwardLost("torrent", Protocol.TCP, 62_272));
    ForwardPlan back = wanted("auto", ChangingLine.MAP_E).forwards(whole.memory());
    assertThat(back.events())
        .containsExactly(
            new Event.ForwardLost("web", Protocol.TCP, 443),
            new Event.ForwardRestored("torrent", Protocol.TCP, 62_272));
    assertThat(wanted("auto", ChangingLine.MAP_E).forwards(back.memory()).events()).isEmpty();
  }

  @Test
  void saysWhatTheHomeHas() throws IOException {
    assertThat(wanted("auto", ChangingLine.MAP_E).change())
        .isEqualTo(new Event.LineChanged("map-e", Ipv4Prefix.parse("192.0.2.18"), 240));
    assertThat(wanted("auto", ChangingLine.NATIVE).change())
        .isEqualTo(new Event.LineChanged("native", Ipv4Prefix.parse("198.51.100.2"), 37_304));
    assertThat(wanted("auto", ChangingLine.NONE).change())
        .isEqualTo(new Event.LineChanged("none", Ipv4Prefix.parse("0.0.0.0"), 0));
  }

  @Test
  void withoutAnAddressNothingIsInTheKernel() throws IOException {
    var wanted = wanted("auto", ChangingLine.NONE);
    assertThat(wanted.plan(wanted.forwards(List.of())).items()).isEmpty();
  }

  /// Where the mode is MAP-E for ever, all IPv4 is routed as it was before there were modes.
  @Test
  void onlyALineThatMayChangeTakesTheHomeByRules() throws IOException {
    var auto = wanted("auto", ChangingLine.MAP_E);
    assertThat(auto.plan(auto.forwards(List.of())).items())
        .anyMatch(item -> item instanceof Item.OwnTable)
        .contains(new Item.Ipv4Route(new Ipv4Prefix(0, 0), 4096));
    var fixed = ChangingLine.of(folder, "").on(ChangingLine.MAP_E);
    assertThat(fixed.plan(fixed.forwards(List.of())).items())
        .noneMatch(item -> item instanceof Item.OwnTable)
        .contains(new Item.Ipv4Route(new Ipv4Prefix(0, 0), 0));
  }

  /// Of two limits the smaller counts: what the operator says, and what the interface takes.
  @Test
  void theLineTakesNoMoreThanItsInterface() throws IOException {
    var wanted = ChangingLine.of(folder, "mode: native\n").on(ChangingLine.NATIVE);
    var forwards = wanted.forwards(List.of());
    var address = ((LineMode.Native) ChangingLine.NATIVE).address();
    assertThat(wanted.plain(new LineMode.Native(address, 1454), forwards).lineMtu())
        .isEqualTo(1454);
    assertThat(wanted.plain(new LineMode.Native(address, 9000), forwards).lineMtu())
        .isEqualTo(1500);
  }
}
