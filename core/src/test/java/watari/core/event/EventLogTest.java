package watari.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import watari.core.event.EventLog.Entry;
import watari.core.net.Ipv4Address;

final class EventLogTest {
  private static final Event ONE = new Event.SessionsExhausted(Ipv4Address.parse("192.168.1.2"));
  private static final Event TWO = new Event.SessionsExhausted(Ipv4Address.parse("192.168.1.3"));

  private final EventLog log = new EventLog();

  /// CGN-14
  @Test
  void countsWhatHappensAgainSoonInsteadOfKeepingItAnew() {
    log.add(ONE, 1000);
    log.add(TWO, 2000);
    log.add(ONE, 60_999);
    assertThat(log.entries())
        .containsExactly(new Entry(2, TWO, 2000, 2000, 1), new Entry(1, ONE, 1000, 60_999, 2));
  }

  @Test
  void keepsAnewWhatHappensAgainLater() {
    log.add(ONE, 1000);
    log.add(ONE, 61_000);
    assertThat(log.entries())
        .containsExactly(new Entry(1, ONE, 1000, 1000, 1), new Entry(2, ONE, 61_000, 61_000, 1));
  }

  @Test
  void tellsNothingTwice() {
    log.add(ONE, 1000);
    log.add(TWO, 2000);
    assertThat(log.after(0)).extracting(Entry::event).containsExactly(ONE, TWO);
    log.add(ONE, 3000);
    assertThat(log.after(2)).isEmpty();
    log.add(ONE, 70_000);
    assertThat(log.after(2)).containsExactly(new Entry(3, ONE, 70_000, 70_000, 1));
  }

  @Test
  void staysBounded() {
    for (int i = 0; i < 2000; i++) {
      log.add(new Event.SessionsExhausted(new Ipv4Address(i)), i);
    }
    assertThat(log.entries()).hasSizeLessThanOrEqualTo(512);
    assertThat(log.entries().getLast().number()).isEqualTo(2000);
  }
}
