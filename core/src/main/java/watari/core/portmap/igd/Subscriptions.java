package watari.core.portmap.igd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;

/// Who is told of changes, and what of them everybody knows already (UPnP Device Architecture §4).
///
/// Nobody is told two things at once: what changes meanwhile is told in one when the first has
/// arrived, so a slow subscriber costs one notification in memory and hears in the right order. Who
/// cannot be told three times in a row is forgotten.
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class Subscriptions {
  public static final int SECONDS_MAX = 1800;

  private static final int SECONDS_MIN = 60;
  private static final int SUBSCRIPTIONS_MAX = 128;
  private static final int OF_HOST_MAX = 16;

  /// Values of the variables that a subscriber of a service is told of.
  public interface Values {
    Map<String, String> of(Topic topic, Ipv4Address subscriber);

    /// Another number whenever a value may have changed.
    long revision();
  }

  /// A subscription as its subscriber knows it.
  ///
  /// @param id the SID, without `uuid:`
  /// @param seconds how long it lasts
  public record Granted(UUID id, int seconds) {}

  private final Randomness randomness;
  private final Map<UUID, Subscription> all = new LinkedHashMap<>();

  public Subscriptions(Randomness randomness) {
    this.randomness = randomness;
  }

  public int size() {
    return all.size();
  }

  /// Begins a subscription. The first notification is due when the subscriber knows its id, which
  /// [#told] says.
  ///
  /// @param callback where notifications go; the subscriber's own address
  /// @param seconds how long it is wished to last
  /// @return empty where there are too many
  public Optional<Granted> begin(
      Topic topic, Ipv4Address subscriber, String callback, int seconds, long now) {
    forgetThoseThatAreOver(now);
    if (all.size() >= SUBSCRIPTIONS_MAX || countOf(subscriber) >= OF_HOST_MAX) {
      return Optional.empty();
    }
    UUID id = newId();
    int granted = granted(seconds);
    all.put(id, new Subscription(id, topic, subscriber, callback, now + 1000L * granted));
    return Optional.of(new Granted(id, granted));
  }

  private long countOf(Ipv4Address subscriber) {
    return all.values().stream().filter(one -> one.subscriber().equals(subscriber)).count();
  }

  private static int granted(int seconds) {
    return Math.clamp(seconds, SECONDS_MIN, SECONDS_MAX);
  }

  /// A random UUID (RFC 9562 §5.4).
  private UUID newId() {
    long high = (randomness.next() & ~0xf000L) | 0x4000L;
    long low = (randomness.next() & ~(3L << 62)) | (2L << 62);
    return new UUID(high, low);
  }

  /// Lets a subscription last anew.
  ///
  /// @return empty where this subscriber has none of that id for the service
  public Optional<Granted> renew(
      UUID id, Topic topic, Ipv4Address subscriber, int seconds, long now) {
    forgetThoseThatAreOver(now);
    Subscription subscription = find(id, topic, subscriber);
    if (subscription == null) {
      return Optional.empty();
    }
    int granted = granted(seconds);
    subscription.renew(now + 1000L * granted);
    return Optional.of(new Granted(id, granted));
  }

  /// Ends a subscription.
  ///
  /// @return whether this subscriber had it
  public boolean end(UUID id, Topic topic, Ipv4Address subscriber, long now) {
    forgetThoseThatAreOver(now);
    return find(id, topic, subscriber) != null && all.remove(id) != null;
  }

  private @Nullable Subscription find(UUID id, Topic topic, Ipv4Address subscriber) {
    Subscription found = all.get(id);
    boolean isTheirs =
        found != null && found.subscriber().equals(subscriber) && found.topic().equals(topic);
    return isTheirs ? found : null;
  }

  private void forgetThoseThatAreOver(long now) {
    all.values().removeIf(one -> one.isOver(now));
  }

  /// What is to be told now; [#told] must follow for each.
  public List<Notification> due(Values values, long now) {
    if (all.isEmpty()) {
      return List.of();
    }
    forgetThoseThatAreOver(now);
    var due = new ArrayList<Notification>();
    for (Subscription one : all.values()) {
      if (one.mayHaveNews(values.revision())) {
        Map<String, String> current = values.of(one.topic(), one.subscriber());
        one.news(current, values.revision()).ifPresent(due::add);
      }
    }
    return due;
  }

  /// The id or a notification has arrived at the subscriber, or has not.
  public void told(UUID id, boolean heard) {
    Subscription subscription = all.get(id);
    if (subscription != null) {
      subscription.wasTold(heard);
    }
  }
}
