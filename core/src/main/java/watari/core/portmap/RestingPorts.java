package watari.core.portmap;

import java.util.LinkedHashMap;
import java.util.Map;

/// Ports that were leased a moment ago. Who still speaks to one of them means the host that had it;
/// so nobody else gets it by name for a while, but that endpoint may have it back (RFC 6887 §15).
final class RestingPorts {
  /// As long as a port of the translator rests.
  static final long REST_MILLIS = 120_000;

  private static final int PORTS_MAX = 1024;

  private record Rest(Inside endpoint, long until) {}

  /// By protocol and port, the one that has rested longest first.
  private final LinkedHashMap<Integer, Rest> rests = new LinkedHashMap<>();

  void add(Inside endpoint, int key, long now) {
    rests.remove(key);
    rests.put(key, new Rest(endpoint, now + REST_MILLIS));
    if (rests.size() > PORTS_MAX) {
      rests.pollFirstEntry();
    }
  }

  /// Whether a port rests for another endpoint than this.
  boolean isForAnother(Inside endpoint, int key, long now) {
    forget(now);
    Rest rest = rests.get(key);
    return rest != null && !rest.endpoint.equals(endpoint);
  }

  private void forget(long now) {
    Map.Entry<Integer, Rest> oldest = rests.firstEntry();
    while (oldest != null && oldest.getValue().until <= now) {
      rests.pollFirstEntry();
      oldest = rests.firstEntry();
    }
  }

  /// Another set has other ports.
  void clear() {
    rests.clear();
  }
}
