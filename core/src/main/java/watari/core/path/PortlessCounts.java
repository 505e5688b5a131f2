package watari.core.path;

import java.util.LinkedHashMap;
import java.util.Map;

/// How many packets of each protocol without ports could not cross, by IP protocol number. One
/// thread owns it.
public final class PortlessCounts {
  private final long[] counts = new long[256];

  PortlessCounts() {}

  /// Counts a packet.
  ///
  /// @return whether it is the first of its protocol, which is worth an event whatever was said
  ///   before
  boolean count(int protocol) {
    return counts[protocol]++ == 0;
  }

  public long packets(int protocol) {
    return counts[protocol];
  }

  /// The protocols that occurred, in the order of their numbers.
  public Map<Integer, Long> all() {
    Map<Integer, Long> all = new LinkedHashMap<>();
    for (int protocol = 0; protocol < counts.length; protocol++) {
      if (counts[protocol] > 0) {
        all.put(protocol, counts[protocol]);
      }
    }
    return all;
  }
}
