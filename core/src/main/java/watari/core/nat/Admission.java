package watari.core.nat;

import watari.core.verdict.Drop;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// Which inside endpoint a packet from the Internet is for that belongs to no session (RFC 4787
/// §5).
///
/// In this order: the one that reserved the port; the one that has spoken to the sender's address
/// from it; its owner, where the filter lets everybody in; and for a port that nobody has, the host
/// in the demilitarised zone.
final class Admission {
  /// The receiver is the host in the demilitarised zone, which has no mapping there yet.
  static final int DEMILITARISED = -3;

  private static final int SEVERAL = -2;

  private final SessionTable sessions;
  private final Lifetimes lifetimes;
  private final Allocator allocator;
  private final Reserved reserved;
  private final Mappings mappings;
  private int dmz;
  private Drop refusal = Drop.NO_MAPPING;

  Admission(SessionTable sessions, Lifetimes lifetimes, Allocator allocator, Reserved reserved) {
    this.sessions = sessions;
    this.lifetimes = lifetimes;
    this.allocator = allocator;
    this.reserved = reserved;
    mappings = allocator.mappings();
  }

  /// @param address of the host that gets what is for nobody, or 0
  void setDmz(int address) {
    dmz = address;
  }

  int dmz() {
    return dmz;
  }

  /// Why nobody is to get the packet.
  Drop refusal() {
    return refusal;
  }

  private int refuse(Drop why) {
    refusal = why;
    return Mappings.NONE;
  }

  /// Whether a port of ours is somebody's, or would be the demilitarised host's.
  boolean isSomebodys(int port, int protocol) {
    return dmz != 0 || !isUnused(port, protocol);
  }

  boolean isUnused(int port, int protocol) {
    OuterPorts outer = allocator.of(protocol);
    int slot = outer.slot(port);
    return slot == OuterPorts.NONE || outer.isUnused(slot);
  }

  /// The mapping of the endpoint, or [#DEMILITARISED], or none with [#refusal].
  ///
  /// @param isOfHome whether the packet comes from the home itself, which no filter keeps out
  int receiver(Packet packet, boolean isOfHome, long now) {
    int protocol = packet.protocol();
    if (!packet.hasPorts()) {
      return dmz == 0 ? refuse(Drop.NO_MAPPING) : DEMILITARISED;
    }
    if (protocol == Protocol.TCP && !TcpStates.begins(Tcp.flags(packet.transport()))) {
      return refuse(isUnused(packet.targetPort(), protocol) ? Drop.NO_MAPPING : Drop.FILTERED);
    }
    OuterPorts outer = allocator.of(protocol);
    int slot = outer.slot(packet.targetPort());
    if (slot == OuterPorts.NONE || outer.isUnused(slot)) {
      return demilitarised(packet, slot, now);
    }
    int owner = outer.owner(slot);
    if (owner != Mappings.NONE && mappings.is(owner, Mappings.RESERVED)) {
      boolean permits = isOfHome || reserved.permits(owner, packet.source(), packet.sourcePort());
      return permits ? owner : refuse(Drop.FILTERED);
    }
    return packet.isRequest() ? refuse(Drop.NO_MAPPING) : known(packet, slot, isOfHome, now);
  }

  private int known(Packet packet, int slot, boolean isOfHome, long now) {
    OuterPorts outer = allocator.of(packet.protocol());
    int peer = peer(outer, slot, packet.protocol(), packet.source(), now);
    if (peer >= 0) {
      return peer;
    }
    boolean isOpen =
        isOfHome || allocator.filtering(packet.protocol()) == Filtering.ENDPOINT_INDEPENDENT;
    int owner = outer.owner(slot);
    return peer != SEVERAL && isOpen && owner != Mappings.NONE ? owner : refuse(Drop.FILTERED);
  }

  /// The endpoint that speaks to an address from a port: its mapping, none, or [#SEVERAL].
  private int peer(OuterPorts outer, int slot, int protocol, int address, long now) {
    int session = livePeer(sessions.findPeer(outer.port(slot), protocol, address), now);
    if (session == SessionTable.NONE) {
      return Mappings.NONE;
    }
    int mapping = sessions.mapping(session);
    while (outer.isCrowded(slot) && session != SessionTable.NONE) {
      if (sessions.mapping(session) != mapping) {
        return SEVERAL;
      }
      session = livePeer(sessions.nextPeer(session), now);
    }
    return mapping;
  }

  private int livePeer(int first, long now) {
    int session = first;
    while (session != SessionTable.NONE && lifetimes.isOver(session, now)) {
      session = sessions.nextPeer(session);
    }
    return session;
  }

  /// A port that nobody has is the demilitarised host's, under the same number.
  private int demilitarised(Packet packet, int slot, long now) {
    boolean isIts =
        dmz != 0
            && slot != OuterPorts.NONE
            && allocator.mayClaim(dmz, packet.targetPort(), packet.protocol(), now);
    return isIts ? DEMILITARISED : refuse(Drop.NO_MAPPING);
  }
}
