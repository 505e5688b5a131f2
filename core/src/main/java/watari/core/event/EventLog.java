package watari.core.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The last events, each with how often it happened. One that happens again soon is counted and not
/// kept anew, so that trouble at the speed of packets stays one line.
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class EventLog {
  private static final int ENTRIES_MAX = 256;
  private static final long SAME_MILLIS = 60_000;

  /// An event with its history.
  ///
  /// @param number rises from entry to entry, and stays when the event happens again soon
  /// @param first when it happened first
  /// @param last when it happened last
  /// @param count how often between the two
  public record Entry(long number, Event event, long first, long last, long count) {}

  /// The oldest first.
  private final LinkedHashMap<Event, Entry> recent = new LinkedHashMap<>();

  private final List<Entry> past = new ArrayList<>();

  private long number;

  public EventLog() {}

  public void add(Event event, long now) {
    Entry entry = recent.remove(event);
    if (entry != null && now - entry.last() >= SAME_MILLIS) {
      past.add(entry);
      entry = null;
    }
    recent.put(
        event,
        entry == null
            ? new Entry(++number, event, now, now, 1)
            : new Entry(entry.number(), event, entry.first(), now, entry.count() + 1));
    trim();
  }

  private void trim() {
    if (past.size() > ENTRIES_MAX) {
      past.removeFirst();
    }
    if (recent.size() > ENTRIES_MAX) {
      recent.pollFirstEntry();
    }
  }

  /// All that is kept, by when it happened last.
  public List<Entry> entries() {
    var all = new ArrayList<>(past);
    all.addAll(recent.values());
    all.sort((one, other) -> Long.compare(one.last(), other.last()));
    return all;
  }

  /// Those with a higher number, in the order of their numbers: what nobody has been told yet.
  ///
  /// @param number of the last that was told; 0 for all
  public List<Entry> after(long number) {
    var news = new ArrayList<>(past);
    news.addAll(recent.values());
    news.removeIf(entry -> entry.number() <= number);
    news.sort((one, other) -> Long.compare(one.number(), other.number()));
    return news;
  }
}
