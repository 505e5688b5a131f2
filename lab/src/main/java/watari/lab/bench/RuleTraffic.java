package watari.lab.bench;

import java.util.List;

/// Packets of random subscribers of all [ManyRules]: what a relay carries.
///
/// @param rules how many there are
/// @param size bytes of the IPv4 packets
/// @param isUp whether subscribers send them
/// @param isTunnelled whether they are in the tunnel to the relay
/// @param first the first address of the first rule
/// @param remote the first of 65,536 addresses of the Internet's ends, a multiple of 65,536
/// @param gapNanos at least so long from one packet to the next, 0 for as many as go
record RuleTraffic(
    int rules, int size, boolean isUp, boolean isTunnelled, int first, int remote, int gapNanos)
    implements Traffic {
  /// The same, but not more than one packet in so long.
  RuleTraffic every(int nanos) {
    return new RuleTraffic(rules, size, isUp, isTunnelled, first, remote, nanos);
  }

  @Override
  public List<Integer> ports() {
    return List.of();
  }
}
