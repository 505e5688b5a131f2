package watari.app.igd;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import watari.core.portmap.igd.Subscriptions;
import watari.core.portmap.igd.Subscriptions.Granted;
import watari.core.portmap.igd.Topic;

/// Takes subscriptions to a service's events, lets them last and ends them (UPnP Device
/// Architecture §4.1).
final class EventDoor {
  private static final Pattern TIMEOUT = Pattern.compile("Second-([0-9]{1,9})");
  private static final Pattern SID =
      Pattern.compile("uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  private final Visit visit;

  EventDoor(Visit visit) {
    this.visit = visit;
  }

  HttpReply subscribe(HttpQuestion question, Topic topic) throws IOException {
    Optional<String> sid = question.header().apply("SID");
    Optional<String> callback = question.header().apply("CALLBACK");
    Optional<String> kind = question.header().apply("NT");
    if (sid.isPresent()) {
      return callback.isPresent() || kind.isPresent()
          ? HttpReply.plain(400, "SID stands alone, without CALLBACK and NT")
          : renew(question, topic, sid.get());
    }
    if (!kind.equals(Optional.of("upnp:event"))) {
      return HttpReply.plain(412, "NT must be upnp:event");
    }
    Optional<URI> own = callback.flatMap(header -> Callback.of(header, question.from()));
    return own.isPresent()
        ? begin(question, topic, own.get())
        : HttpReply.plain(412, "CALLBACK must be <http://" + question.from() + ":PORT/PATH>");
  }

  private HttpReply begin(HttpQuestion question, Topic topic, URI callback) throws IOException {
    int seconds = seconds(question);
    Optional<Granted> granted =
        visit.ask(desk -> desk.subscribe(topic, question.from(), callback.toString(), seconds));
    return granted
        .map(one -> granted(one).then(() -> arrived(one.id())))
        .orElseGet(() -> HttpReply.plain(503, "there are too many subscriptions"));
  }

  /// From now on the subscriber knows its id, and can be told.
  private void arrived(UUID id) {
    try {
      boolean _ = visit.ask(desk -> desk.told(id, true));
    } catch (IOException _) {
      // the gateway ends, and the subscription with it
    }
  }

  private HttpReply renew(HttpQuestion question, Topic topic, String sid) throws IOException {
    Optional<UUID> id = id(sid);
    int seconds = seconds(question);
    Optional<Granted> granted =
        id.isEmpty()
            ? Optional.empty()
            : visit.ask(desk -> desk.renew(id.get(), topic, question.from(), seconds));
    return granted.map(EventDoor::granted).orElseGet(EventDoor::unknown);
  }

  HttpReply unsubscribe(HttpQuestion question, Topic topic) throws IOException {
    Optional<UUID> id = question.header().apply("SID").flatMap(EventDoor::id);
    boolean isEnded =
        id.isPresent() && visit.ask(desk -> desk.unsubscribe(id.get(), topic, question.from()));
    return isEnded ? HttpReply.bare(200, Map.of()) : unknown();
  }

  private static HttpReply granted(Granted granted) {
    return HttpReply.bare(
        200, Map.of("SID", "uuid:" + granted.id(), "TIMEOUT", "Second-" + granted.seconds()));
  }

  private static HttpReply unknown() {
    return HttpReply.plain(412, "there is no such subscription of yours");
  }

  private static Optional<UUID> id(String sid) {
    Matcher matcher = SID.matcher(sid);
    return matcher.matches() ? Optional.of(UUID.fromString(matcher.group(1))) : Optional.empty();
  }

  private static int seconds(HttpQuestion question) {
    Matcher matcher = TIMEOUT.matcher(question.header().apply("TIMEOUT").orElse(""));
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : Subscriptions.SECONDS_MAX;
  }
}
