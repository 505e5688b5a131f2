package watari.core.portmap.igd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import watari.core.net.Ipv4Address;

/// Somebody who is told of changes (UPnP Device Architecture §4).
final class Subscription {
  private static final int FAILURES_MAX = 3;
  private static final long SEQUENCE_MAX = 0xffff_ffffL;

  private final UUID id;
  private final Topic topic;
  private final Ipv4Address subscriber;
  private final String callback;
  private long expiresAt;

  /// What it was told last; nothing before the first notification, which says all.
  private Map<String, String> told = Map.of();

  /// The number of the next notification: 0 for the first, and 0 never again.
  private long sequence;

  /// The revision of the values that it was compared with last.
  private long seen = -1;

  /// Whether something is under way to the subscriber: at first its id.
  private boolean isBeingTold = true;

  private int failures;

  Subscription(UUID id, Topic topic, Ipv4Address subscriber, String callback, long expiresAt) {
    this.id = id;
    this.topic = topic;
    this.subscriber = subscriber;
    this.callback = callback;
    this.expiresAt = expiresAt;
  }

  UUID id() {
    return id;
  }

  Topic topic() {
    return topic;
  }

  Ipv4Address subscriber() {
    return subscriber;
  }

  boolean isOver(long now) {
    return expiresAt <= now || failures >= FAILURES_MAX;
  }

  void renew(long until) {
    expiresAt = until;
  }

  boolean mayHaveNews(long revision) {
    return !isBeingTold && seen != revision;
  }

  /// The notification of what has changed since the last, if anything has; [#wasTold] must follow.
  ///
  /// @param values all that the subscriber is told of
  /// @param revision which these are
  Optional<Notification> news(Map<String, String> values, long revision) {
    seen = revision;
    var news = new LinkedHashMap<>(values);
    news.entrySet().removeIf(value -> value.getValue().equals(told.get(value.getKey())));
    if (news.isEmpty()) {
      return Optional.empty();
    }
    told = values;
    isBeingTold = true;
    var notification = new Notification(id, sequence, callback, news);
    sequence = sequence == SEQUENCE_MAX ? 1 : sequence + 1;
    return Optional.of(notification);
  }

  void wasTold(boolean heard) {
    isBeingTold = false;
    failures = heard ? 0 : failures + 1;
  }
}
