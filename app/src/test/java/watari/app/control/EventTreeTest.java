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

  @Test
  void passesOverWhatItDoesNotKnow() {
    for (String json :
        new String[] {
          "{}",
          "[]",
          "{\"event\":\"landslide\"}",
          "{\"event\":\"portsExhausted\",\"protocol\":\"tcp\",\"host\":\"x\"}",
          "{\"event\":\"portsExhausted\",\"protocol\":\"pigeon\",\"host\":\"192.168.1.2\"}",
          "{\"event\":\"hostLimited\",\"host\":\"192.168.1.2\",\"limit\":\"patience\"}"
        }) {
      assertThat(EventTree.event(JsonMapper.shared().readTree(json))).as(json).isEmpty();
    }
  }
}
