package watari.core.portmap.igd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;

final class SubscriptionsTest {
  private static final Topic TOPIC = new Topic(IgdVersion.V2, IgdService.WAN_IP_CONNECTION);
  private static final Topic OTHER = new Topic(IgdVersion.V1, IgdService.WAN_IP_CONNECTION);
  private static final Ipv4Address ANNA = Ipv4Address.parse("192.168.1.10");
  private static final Ipv4Address BERT = Ipv4Address.parse("192.168.1.11");
  private static final String CALLBACK = "http://192.168.1.10:8000/events";

  private final Subscriptions subscriptions = new Subscriptions(new Randomness(1, 2));
  private final Changing values = new Changing();

  private static final class Changing implements Subscriptions.Values {
    private final Map<String, String> now = new LinkedHashMap<>(Map.of("A", "1", "B", "1"));
    private long revision;

    void become(String name, String value) {
      now.put(name, value);
      revision++;
    }

    @Override
    public Map<String, String> of(Topic topic, Ipv4Address subscriber) {
      return Map.copyOf(now);
    }

    @Override
    public long revision() {
      return revision;
    }
  }

  private UUID begin() {
    UUID id = subscriptions.begin(TOPIC, ANNA, CALLBACK, 1800, 0).orElseThrow().id();
    subscriptions.told(id, true);
    return id;
  }

  @Test
  void nothingIsToldBeforeTheSubscriberKnowsItsId() {
    UUID id = subscriptions.begin(TOPIC, ANNA, CALLBACK, 1800, 0).orElseThrow().id();
    assertThat(subscriptions.due(values, 0)).isEmpty();
    subscriptions.told(id, true);
    assertThat(due().sequence()).isZero();
  }

  private Notification due() {
    var due = subscriptions.due(values, 0);
    assertThat(due).hasSize(1);
    return due.getFirst();
  }

  /// IGD-18
  @Test
  void theFirstNotificationSaysAllAndLaterOnesWhatHasChanged() {
    UUID id = begin();
    assertThat(due()).isEqualTo(new Notification(id, 0, CALLBACK, Map.of("A", "1", "B", "1")));
    subscriptions.told(id, true);
    assertThat(subscriptions.due(values, 0)).isEmpty();
    values.become("B", "2");
    assertThat(due()).isEqualTo(new Notification(id, 1, CALLBACK, Map.of("B", "2")));
  }

  @Test
  void nothingIsToldWhereNothingIsOther() {
    subscriptions.told(tellFirst(), true);
    values.become("A", "1");
    assertThat(subscriptions.due(values, 0)).isEmpty();
  }

  private UUID tellFirst() {
    UUID id = begin();
    due();
    return id;
  }

  @Test
  void whatChangesWhileASubscriberIsToldComesInOne() {
    UUID id = tellFirst();
    values.become("A", "2");
    values.become("A", "3");
    values.become("B", "2");
    assertThat(subscriptions.due(values, 0)).isEmpty();
    subscriptions.told(id, true);
    assertThat(due().values()).isEqualTo(Map.of("A", "3", "B", "2"));
  }

  @Test
  void whoCannotBeToldThreeTimesInARowIsForgotten() {
    UUID id = tellFirst();
    subscriptions.told(id, false);
    fail(id, "2");
    values.become("A", "3");
    due();
    subscriptions.told(id, true);
    fail(id, "4");
    fail(id, "5");
    assertThat(subscriptions.size()).isEqualTo(1);
    fail(id, "6");
    values.become("A", "7");
    assertThat(subscriptions.due(values, 0)).isEmpty();
    assertThat(subscriptions.size()).isZero();
  }

  private void fail(UUID id, String value) {
    values.become("A", value);
    due();
    subscriptions.told(id, false);
  }

  @Test
  void aSubscriptionEndsUnlessItIsRenewed() {
    UUID id = begin();
    assertThat(subscriptions.renew(id, TOPIC, ANNA, 1800, 1_799_999)).isPresent();
    assertThat(subscriptions.renew(id, TOPIC, ANNA, 1800, 3_599_998)).isPresent();
    assertThat(subscriptions.renew(id, TOPIC, ANNA, 1800, 5_399_998)).isEmpty();
    assertThat(subscriptions.size()).isZero();
  }

  @Test
  void aSubscriptionLastsBetweenAMinuteAndHalfAnHour() {
    assertThat(subscriptions.begin(TOPIC, ANNA, CALLBACK, 1, 0).orElseThrow().seconds())
        .isEqualTo(60);
    assertThat(subscriptions.begin(TOPIC, ANNA, CALLBACK, 600, 0).orElseThrow().seconds())
        .isEqualTo(600);
    assertThat(
            subscriptions
                .begin(TOPIC, ANNA, CALLBACK, Integer.MAX_VALUE, 0)
                .orElseThrow()
                .seconds())
        .isEqualTo(1800);
  }

  /// IGD-24
  @Test
  void nobodyElseRenewsOrEndsASubscription() {
    UUID id = begin();
    assertThat(subscriptions.renew(id, TOPIC, BERT, 1800, 0)).isEmpty();
    assertThat(subscriptions.renew(id, OTHER, ANNA, 1800, 0)).isEmpty();
    assertThat(subscriptions.end(id, TOPIC, BERT, 0)).isFalse();
    assertThat(subscriptions.end(id, OTHER, ANNA, 0)).isFalse();
    assertThat(subscriptions.end(UUID.fromString("0-0-0-0-1"), TOPIC, ANNA, 0)).isFalse();
    assertThat(subscriptions.end(id, TOPIC, ANNA, 0)).isTrue();
    assertThat(subscriptions.end(id, TOPIC, ANNA, 0)).isFalse();
  }

  @Test
  void aHostHasItsShareOfTheSubscriptions() {
    for (int i = 0; i < 16; i++) {
      begin();
    }
    assertThat(subscriptions.begin(TOPIC, ANNA, CALLBACK, 1800, 0)).isEmpty();
    assertThat(subscriptions.begin(TOPIC, BERT, CALLBACK, 1800, 0)).isPresent();
    assertThat(subscriptions.begin(TOPIC, ANNA, CALLBACK, 1800, 1_800_000)).isPresent();
  }

  @Test
  void thereIsAnEndOfSubscriptions() {
    for (int i = 0; i < 128; i++) {
      var host = new Ipv4Address(ANNA.bits() + i);
      assertThat(subscriptions.begin(TOPIC, host, CALLBACK, 1800, 0)).isPresent();
    }
    var host = new Ipv4Address(ANNA.bits() + 128);
    assertThat(subscriptions.begin(TOPIC, host, CALLBACK, 1800, 0)).isEmpty();
  }

  @Test
  void idsAreRandomUuids() {
    UUID id = begin();
    assertThat(id.version()).isEqualTo(4);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(begin()).isNotEqualTo(id);
  }
}
