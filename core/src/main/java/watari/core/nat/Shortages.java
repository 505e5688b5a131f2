package watari.core.nat;

import java.util.EnumMap;
import java.util.Map;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.event.HostLimit;
import watari.core.net.Ipv4Address;
import watari.core.verdict.Drop;

/// Says that something ran out: each kind once in a while, since a packet must not allocate, and
/// none hides another.
final class Shortages {
  private static final long PAUSE_MILLIS = 10_000;

  private final EventLog events;
  private final Map<Drop, Long> saidAt = new EnumMap<>(Drop.class);

  Shortages(EventLog events) {
    this.events = events;
  }

  /// @param why a packet of the host was refused; what is no shortage is not said
  void say(Drop why, int host, int protocol, long now) {
    Long before = saidAt.get(why);
    if (before == null || now - before >= PAUSE_MILLIS) {
      saidAt.put(why, now);
      switch (why) {
        case PORTS_EXHAUSTED -> events.add(new Event.PortsExhausted(protocol, of(host)), now);
        case SESSIONS_EXHAUSTED -> events.add(new Event.SessionsExhausted(of(host)), now);
        case HOST_PORTS_EXHAUSTED -> limited(host, HostLimit.PORTS, now);
        case HOST_SESSIONS_EXHAUSTED -> limited(host, HostLimit.SESSIONS, now);
        case HOST_TOO_FAST -> limited(host, HostLimit.SESSION_RATE, now);
        default -> {}
      }
    }
  }

  private void limited(int host, HostLimit limit, long now) {
    events.add(new Event.HostLimited(of(host), limit), now);
  }

  private static Ipv4Address of(int host) {
    return new Ipv4Address(host);
  }
}
