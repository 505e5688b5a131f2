package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import watari.core.event.Event;

final class EventTreeTest {
  static Stream<Event> events() {
    return Events.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsWhatItWrites(Event event) {
    String json = JsonMapper.shared().writeValueAsString(EventTree.of(event));
    assertThat(EventTree.event(JsonMapper.shared().readTree(json))).contains(event);
  }

  @Test
  void everyKindIsThere() {
    assertThat(Events.ALL.stream().map(Object::getClass).distinct())
        .hasSameSizeAs(Event.class.getPermittedSubclasses());
  }

  /// CGN-16: a host at home, a port of ours, our own address; a key for whom the home speaks to
  /// would be one more.
  @Test
  void noKindNamesWhomTheHomeSpeaksTo() {
    assertThat(Events.ALL.stream().flatMap(event -> EventTree.of(event).keySet().stream()))
        .containsOnly(
            "event",
            "protocol",
            "host",
            "ports",
            "portCount",
            "limit",
            "name",
            "from",
            "to",
            "port",
            "mode",
            "address",
            "why",
            "what",
            "reason",
            "interfaces");
    assertThat(Events.ALL.stream().map(event -> EventTree.of(event).get("host")))
        .allMatch(host -> host == null || host.toString().startsWith("192.168.1."));
  }

  @Test
  void passesOverWhatItDoesNotKnow() {
    for (String json :
        new String[] {
          "{}",
          "[]",
          "{\"event\":\"landslide\"}",
          "{\"event\":\"portsExhausted\",\"protocol\":\"tcp\",\"host\":\"x\"}",
          "{\"event\":\"portsExhausted\",\"protocol\":\"pigeon\",\"host\":\"192.168.1.2\"}",
          "{\"event\":\"offloadRests\",\"why\":\"tired\"}",
          "{\"event\":\"hostLimited\",\"host\":\"192.168.1.2\",\"limit\":\"patience\"}"
        }) {
      assertThat(EventTree.event(JsonMapper.shared().readTree(json))).as(json).isEmpty();
    }
  }
}
