package watari.core.path;

import watari.core.wire.Ecn;
import watari.core.wire.Ipv4;
import watari.core.wire.Outer;
import watari.core.wire.Packet;

/// What the outer header leaves behind in the inner one: its congestion mark (RFC 6040 §4.2). The
/// DSCP stays the inner one (RFC 2983 §3, pipe).
final class Decapsulation {
  private Decapsulation() {}

  /// Whether the two marks can go together; if so the inner packet now has the one that counts.
  static boolean mergeEcn(Packet packet, Outer outer) {
    int inner = Ecn.of(Ipv4.trafficClass(packet.at()));
    int marked = Ecn.of(outer.trafficClass());
    if (inner == marked) {
      return true;
    }
    int merged = Ecn.combine(inner, marked);
    if (merged == Ecn.IMPOSSIBLE) {
      return false;
    }
    if (merged != inner) {
      Ipv4.markEcn(packet.at(), merged);
    }
    return true;
  }
}
