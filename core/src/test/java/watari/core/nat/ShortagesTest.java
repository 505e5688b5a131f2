package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.event.HostLimit;
import watari.core.net.Ipv4Address;
import watari.core.verdict.Drop;
import watari.core.wire.Protocol;

final class ShortagesTest {
  private static final int GREEDY = 0xc0a80102;
  private static final int OTHER = 0xc0a80103;

  private final EventLog events = new EventLog();
  private final Shortages shortages = new Shortages(events);
  private final long now = 5_000_000_000L;

  private List<Event> said() {
    return events.entries().stream().map(EventLog.Entry::event).toList();
  }

  @Test
  void oneKindDoesNotHideAnother() {
    shortages.say(Drop.HOST_TOO_FAST, GREEDY, Protocol.UDP, now);
    shortages.say(Drop.PORTS_EXHAUSTED, OTHER, Protocol.TCP, now + 1);
    assertThat(said())
        .containsExactly(
            new Event.HostLimited(new Ipv4Address(GREEDY), HostLimit.SESSION_RATE),
            new Event.PortsExhausted(Protocol.TCP, new Ipv4Address(OTHER)));
  }

  @Test
  void theSameKindIsSaidAgainAfterAWhile() {
    shortages.say(Drop.SESSIONS_EXHAUSTED, GREEDY, Protocol.UDP, now);
    shortages.say(Drop.SESSIONS_EXHAUSTED, OTHER, Protocol.UDP, now + 9_999);
    assertThat(said()).hasSize(1);
    shortages.say(Drop.SESSIONS_EXHAUSTED, OTHER, Protocol.UDP, now + 10_000);
    assertThat(said()).hasSize(2);
  }

  @Test
  void whatIsNoShortageIsNotSaid() {
    shortages.say(Drop.TCP_WITHOUT_SESSION, GREEDY, Protocol.TCP, now);
    assertThat(said()).isEmpty();
  }
}
