package watari.app.control;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import watari.core.event.EventLog;

/// Tells what happened: each event once to whoever runs the gateway, and all of them to who asks.
/// Called on the thread that owns the log.
final class Teller {
  private final TunnelEnd end;
  private final LongSupplier millis;
  private final Clock clock;
  private long told;

  /// @param millis the clock of the log, which only goes forward
  /// @param clock of the wall
  Teller(TunnelEnd end, LongSupplier millis, Clock clock) {
    this.end = end;
    this.millis = millis;
    this.clock = clock;
  }

  /// What has happened since the last call.
  List<Told> news() {
    var news = new ArrayList<Told>();
    for (EventLog.Entry entry : end.events().after(told)) {
      news.add(new Told(entry.event(), end.address()));
      told = entry.number();
      end.explanation(entry.event())
          .ifPresent(explanation -> end.events().add(explanation, entry.last()));
    }
    return news;
  }

  /// All that is kept, by when it happened last.
  ///
  /// ```json
  /// {"address": "192.0.2.18", "events": [
  ///   {"number": 1, "first": "2026-11-25T09:00:00Z", "last": "…", "count": 3, "event": "…", …}]}
  /// ```
  Map<String, Object> all() {
    Map<String, Object> all = new LinkedHashMap<>();
    end.address().ifPresent(address -> all.put("address", address.toString()));
    all.put("events", end.events().entries().stream().map(this::tree).toList());
    return all;
  }

  private Map<String, Object> tree(EventLog.Entry entry) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("number", entry.number());
    tree.put("first", wallClock(entry.first()).toString());
    tree.put("last", wallClock(entry.last()).toString());
    tree.put("count", entry.count());
    tree.putAll(EventTree.of(entry.event()));
    return tree;
  }

  private Instant wallClock(long time) {
    return clock.instant().minusMillis(millis.getAsLong() - time);
  }
}
