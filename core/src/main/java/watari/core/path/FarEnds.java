package watari.core.path;

import java.util.List;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.core.wire.Outer;
import watari.core.wire.Packet;

/// The far ends of a gateway's tunnels: its relay and, in a mesh, every other subscriber of the
/// domain (RFC 7597 §5).
public final class FarEnds {
  private final RuleTable rules;
  private final boolean isMesh;
  private final long relayHigh;
  private final long relayLow;

  public FarEnds(MapDomain domain) {
    rules = new RuleTable(List.of(domain));
    isMesh = domain.mesh();
    relayHigh = domain.relay().high();
    relayLow = domain.relay().low();
  }

  /// Whether an address belongs to the domain.
  boolean covers(int address) {
    return rules.covers(address);
  }

  /// The rule of the subscriber in the mesh that has an address and port, or a number below 0,
  /// which stands for the relay. Where an address is shared, it names nobody without a port.
  int peer(Packet about, int address, int port) {
    int peer = peer(address, port);
    boolean isNamed = peer >= 0 && (about.hasPorts() || !rules.rule(peer).isShared());
    return isNamed ? peer : RuleTable.NO_RULE;
  }

  /// The same for what has a port.
  public int peer(int address, int port) {
    int peer = isMesh ? rules.byAddress(address, port) : RuleTable.NO_RULE;
    return peer >= 0 ? peer : RuleTable.NO_RULE;
  }

  /// How many [#peer] may name: each is a number below this.
  public int peers() {
    return isMesh ? rules.size() : 0;
  }

  /// The prefix that the tunnels of a peer's rule lead to.
  public Ipv6Prefix prefix(int peer) {
    return rules.rule(peer).ipv6();
  }

  /// Bits 0 to 63 of the end that packets to an address and port go to.
  public long high(int peer, int address, int port) {
    return peer >= 0 ? rules.high(peer, address, port) : relayHigh;
  }

  /// Bits 64 to 127 of the same.
  public long low(int peer, int address, int port) {
    return peer >= 0 ? rules.low(peer, address, port) : relayLow;
  }

  boolean isRelay(Outer outer) {
    return outer.isFrom(relayHigh, relayLow);
  }

  /// Whether the outer source is an end of a tunnel. Whose the inner source is can only be said of
  /// a whole packet.
  boolean isOne(Outer outer) {
    return isRelay(outer) || (isMesh && rules.isSubscriber(outer.sourceHigh(), outer.sourceLow()));
  }

  /// Whether a packet may come from where it comes from: from the relay whatever is inside, in a
  /// mesh from the subscriber that the inner source and port belong to (RFC 7597 §8.1). The sender
  /// of an error must also have been the target of the packet it quotes.
  boolean mayBeFrom(Outer outer, Packet packet) {
    return isRelay(outer)
        || (isPeer(outer, packet, packet.source())
            && (!packet.isError()
                || packet.quoteTarget() == packet.source()
                || isPeer(outer, packet, packet.quoteTarget())));
  }

  private boolean isPeer(Outer outer, Packet packet, int address) {
    int port = packet.sourcePort();
    int peer = peer(packet, address, port);
    return peer >= 0
        && outer.isFrom(rules.high(peer, address, port), rules.low(peer, address, port));
  }

  /// Whether a packet that an error quotes went to the end where we would have sent it, or to the
  /// relay.
  boolean mayBeTo(Outer quoted, Packet inner) {
    int address = inner.target();
    int port = inner.targetPort();
    int peer = peer(inner, address, port);
    return quoted.isTo(relayHigh, relayLow)
        || (peer >= 0
            && quoted.isTo(rules.high(peer, address, port), rules.low(peer, address, port)));
  }
}
