package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.app.control.Events;
import watari.app.control.StateSocket;
import watari.core.event.Event;
import watari.core.net.Ipv4Address;
import watari.core.wire.Protocol;

final class EventsCommandTest {
  private static final Optional<Ipv4Address> ADDRESS = Optional.of(Ipv4Address.parse("192.0.2.18"));

  private static final String ANSWER =
      """
      {"address":"192.0.2.18","events":[
       {"number":1,"first":"2026-11-25T09:00:00Z","last":"2026-11-25T09:00:00Z","count":1,
        "event":"forwardMoved","name":"web\\u001b[2J","protocol":"tcp","from":4930,"to":6162},
       {"number":2,"first":"2026-11-25T09:00:00Z","last":"2026-11-25T09:10:00Z","count":7,
        "event":"protocolWithoutPort","protocol":"esp","host":"192.168.1.20"},
       {"number":3,"first":"2026-11-25T09:00:00Z","last":"2026-11-25T09:10:00Z","count":1,
        "event":"landslide"}]}
      """;

  @TempDir Path folder;

  private Run run(
      String answer, Map<String, String> environment, boolean isTerminal, String... more)
      throws IOException {
    Path path = folder.resolve("one.sock");
    var arguments = new ArrayList<>(List.of("events", "--socket", path.toString()));
    arguments.addAll(List.of(more));
    try (var _ = StateSocket.open(path, _ -> answer)) {
      return Run.of(environment, "", isTerminal, arguments.toArray(String[]::new));
    }
  }

  @Test
  void isJsonUnlessAPersonLooksOn() throws IOException {
    assertThat(run(ANSWER, Map.of(), false).out()).isEqualTo(ANSWER);
    assertThat(run(ANSWER, Map.of(), true, "--json").out()).isEqualTo(ANSWER);
    String said = run(ANSWER, Map.of(), true).out();
    assertThat(said).isEqualTo(run(ANSWER, Map.of(), false, "--text").out()).hasLineCount(3);
  }

  /// VPN-04
  @Test
  void isASentenceAnEventWithTheTimeAndTheWayOut() throws IOException {
    assertThat(run(ANSWER, Map.of(), false, "--text").out().lines())
        .satisfiesExactly(
            moved ->
                assertThat(moved)
                    .matches("2026-11-2\\d \\d\\d:\\d\\d:00  The forward.*")
                    .contains("'web?[2J' (TCP)", "from port 4930 to 6162")
                    .endsWith("Tell those who use it: 192.0.2.18:6162"),
            esp -> assertThat(esp).contains("ESP", "UDP 4500", "WireGuard").endsWith("(7 times)"),
            unknown -> assertThat(unknown).contains("landslide"));
  }

  @Test
  void speaksJapaneseToWhoReadsIt() throws IOException {
    String said = run(ANSWER, Map.of("LANG", "ja_JP.UTF-8"), false, "--text").out();
    assertThat(said).contains("宛先を伝えてください: 192.0.2.18:6162", "共有の IPv4", "(7 回)");
  }

  @Test
  void saysThatNothingHappened() throws IOException {
    assertThat(run("{\"events\":[]}", Map.of(), false, "--text").out())
        .isEqualTo("Nothing has happened that you should know.\n");
  }

  @Test
  void saysThatNobodyAnswers() {
    Run run = Run.of("events", "--socket", folder.resolve("none").toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("watari: nobody answers at ").hasLineCount(1);
  }

  /// VPN-07
  @Test
  void everyEventHasASentenceOfItsOwnInBothLanguages() {
    for (boolean isJapanese : new boolean[] {false, true}) {
      var text = new EventText(new Words(isJapanese));
      var sentences = Events.ALL.stream().map(event -> text.sentence(event, ADDRESS)).toList();
      assertThat(sentences).doesNotHaveDuplicates().noneMatch(said -> said.contains("{"));
      assertThat(sentences).filteredOn(said -> said.contains("PPTP")).hasSize(1);
    }
  }

  @Test
  void namesThePortAloneWhereTheAddressIsNotOne() {
    var event = new Event.ForwardMoved("web", Protocol.TCP, 80, 6162);
    assertThat(new EventText(new Words(false)).sentence(event, Optional.empty()))
        .endsWith("Tell those who use it: port 6162");
  }
}
