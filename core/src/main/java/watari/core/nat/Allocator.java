package watari.core.nat;

import java.lang.foreign.SegmentAllocator;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Protocol;

/// Who gets which outer port: owners and guests (decision 8), within the limits of hosts.
///
/// Everybody who gives out ports does it here, so a port never has two owners.
final class Allocator {
  static final int NONE = -1;

  private static final int GROUPS = 3;

  /// How many ports are looked at to find one for a guest; more than any shared set has.
  private static final int TRIES_MAX = 4096;

  private final PortSet ports;
  private final SessionTable sessions;
  private final Mappings mappings;
  private final OuterPorts[] groups = new OuterPorts[GROUPS];
  private final Hosts hosts;
  private NatSettings settings;
  private Drop refusal = Drop.PORTS_EXHAUSTED;

  Allocator(
      PortSet ports,
      NatSettings settings,
      SessionTable sessions,
      SegmentAllocator memory,
      Randomness randomness) {
    this.ports = ports;
    this.settings = settings;
    this.sessions = sessions;
    int reservationsMax = 2 * ports.size();
    mappings = new Mappings(memory, settings.sessionsMax() + reservationsMax, randomness.next());
    hosts = new Hosts(randomness.next());
    for (int group = 0; group < GROUPS; group++) {
      groups[group] = new OuterPorts(ports, settings, randomness);
    }
  }

  void become(NatSettings next) {
    settings = next;
    for (OuterPorts outer : groups) {
      outer.become(next);
    }
  }

  Mappings mappings() {
    return mappings;
  }

  Hosts hosts() {
    return hosts;
  }

  OuterPorts of(int protocol) {
    return groups[Mappings.group(protocol)];
  }

  /// Why the last wish was refused.
  Drop refusal() {
    return refusal;
  }

  private int refuse(Drop why) {
    refusal = why;
    return NONE;
  }

  Filtering filtering(int protocol) {
    return protocol == Protocol.TCP ? settings.tcpFiltering() : settings.udpFiltering();
  }

  /// Whether a port that rests may work again before its time. With address-dependent filtering
  /// nobody hears what was meant for the one before (RFC 6888 REQ-8), so it may when no other can.
  boolean mayEndRest(int protocol) {
    return filtering(protocol) == Filtering.ADDRESS_DEPENDENT;
  }

  /// Ports that a flow could get now.
  private int available(int protocol) {
    OuterPorts outer = of(protocol);
    return outer.free() + (mayEndRest(protocol) ? outer.held() : 0);
  }

  private int reserve() {
    return ports.size() * settings.reservePercent() / 100;
  }

  private boolean isAdaptive() {
    return settings.reservePercent() > 0;
  }

  /// The mapping of an inside endpoint, made if it is not there; it has no port until [#portFor]
  /// gives it one.
  int mapping(int address, int port, int protocol, long now) {
    int mapping = mappings.find(address, port, protocol);
    if (mapping == Mappings.NONE && !mappings.isFull()) {
      int host = hosts.of(address, settings.hosts(), now);
      mapping = mappings.add(address, port, protocol, host);
      hosts.addMapping(host, 1);
    }
    return mapping;
  }

  /// The slot of the outer port for a mapping's new session, or [#NONE] with [#refusal].
  ///
  /// @param remotePort 0 for ICMP
  int portFor(int mapping, int remoteAddress, int remotePort, long now) {
    int slot = mappings.slot(mapping);
    if (slot == NONE || isClosed(slot, mapping)) {
      mappings.endStay(mapping);
      slot = settle(mapping, remoteAddress, remotePort, now);
    } else if (!isApart(slot, mapping, remoteAddress, remotePort)) {
      slot = guestPort(mapping, remoteAddress, remotePort);
    }
    return slot;
  }

  /// Whether a guest's port has become somebody's who shares it no more: its next session begins at
  /// another one.
  private boolean isClosed(int slot, int mapping) {
    return !mappings.is(mapping, Mappings.OWNER | Mappings.PRIVATE)
        && of(mappings.protocol(mapping)).isPrivate(slot);
  }

  /// Whether a mapping may have a session with a remote endpoint from this slot.
  private boolean isApart(int slot, int mapping, int remoteAddress, int remotePort) {
    boolean isOwner = mappings.is(mapping, Mappings.OWNER);
    return isOwner
        ? isApartByEndpoint(slot, mappings.protocol(mapping), remoteAddress, remotePort)
        : isApartByAddress(slot, mapping, remoteAddress);
  }

  private boolean isApartByEndpoint(int slot, int protocol, int remoteAddress, int remotePort) {
    int port = of(protocol).port(slot);
    return sessions.findOutside(port, protocol, remoteAddress, remotePort) == SessionTable.NONE;
  }

  private boolean isApartByAddress(int slot, int mapping, int remoteAddress) {
    int protocol = mappings.protocol(mapping);
    OuterPorts outer = of(protocol);
    int peer = sessions.findPeer(outer.port(slot), protocol, remoteAddress);
    int tries = outer.isCrowded(slot) ? TRIES_MAX : 1;
    while (peer != SessionTable.NONE && sessions.mapping(peer) == mapping && tries-- > 1) {
      peer = sessions.nextPeer(peer);
    }
    return peer == SessionTable.NONE || (tries == 0 && sessions.mapping(peer) == mapping);
  }

  /// The first port of a mapping: its own while there is room, else one that it shares.
  private int settle(int mapping, int remoteAddress, int remotePort, long now) {
    int protocol = mappings.protocol(mapping);
    boolean isRoom = available(protocol) > reserve();
    if (isRoom && hasShare(mapping, protocol)) {
      return own(mapping, now);
    }
    return isAdaptive()
        ? guestPort(mapping, remoteAddress, remotePort)
        : refuse(isRoom ? Drop.HOST_PORTS_EXHAUSTED : Drop.PORTS_EXHAUSTED);
  }

  /// Whether the host of a mapping may have one more port of its own.
  boolean hasShare(int mapping, int protocol) {
    return hasShareOf(mappings.host(mapping), protocol);
  }

  private boolean hasShareOf(int host, int protocol) {
    int most = Math.max(1, ports.size() * settings.hosts().portsPercentMax() / 100);
    return hosts.ports(host, Mappings.group(protocol)) < most;
  }

  private int own(int mapping, long now) {
    int protocol = mappings.protocol(mapping);
    int slot = of(protocol).take(mappings.insidePort(mapping), mayEndRest(protocol));
    if (slot == NONE) {
      return refuse(Drop.PORTS_EXHAUSTED);
    }
    makeOwner(mapping, slot, now);
    return slot;
  }

  private void makeOwner(int mapping, int slot, long now) {
    int protocol = mappings.protocol(mapping);
    mappings.set(mapping, Mappings.OWNER);
    mappings.setSlot(mapping, slot);
    of(protocol).setOwner(slot, mapping, now);
    hosts.addPort(mappings.host(mapping), Mappings.group(protocol), 1);
  }

  private void endOwner(int mapping, long now) {
    int protocol = mappings.protocol(mapping);
    int slot = mappings.slot(mapping);
    mappings.clear(mapping, Mappings.OWNER);
    hosts.addPort(mappings.host(mapping), Mappings.group(protocol), -1);
    if (of(protocol).owner(slot) == mapping) {
      of(protocol).setOwner(slot, NONE, now);
    }
  }

  /// A port that the mapping can share: the best of decision 8, or [#NONE] with [#refusal].
  private int guestPort(int mapping, int remoteAddress, int remotePort) {
    int protocol = mappings.protocol(mapping);
    OuterPorts outer = of(protocol);
    int slot = amongShared(outer, mapping, remoteAddress);
    if (slot == NONE && available(protocol) > reserve() / 2) {
      slot = outer.take(mappings.insidePort(mapping), mayEndRest(protocol));
    }
    if (slot == NONE) {
      slot = amongOwned(outer, mapping, remoteAddress);
    }
    if (slot == NONE) {
      slot = amongAll(outer, mapping, remoteAddress, remotePort);
    }
    return slot == NONE ? refuse(Drop.PORTS_EXHAUSTED) : slot;
  }

  private int amongShared(OuterPorts outer, int mapping, int remoteAddress) {
    int count = Math.min(TRIES_MAX, outer.shared());
    int start = count == 0 ? 0 : outer.below(outer.shared());
    for (int i = 0; i < count; i++) {
      int slot = outer.sharedAt(start, i);
      if (isApartByAddress(slot, mapping, remoteAddress)) {
        return slot;
      }
    }
    return NONE;
  }

  private int amongOwned(OuterPorts outer, int mapping, int remoteAddress) {
    int start = outer.below(outer.size());
    for (int i = 0; i < Math.min(TRIES_MAX, outer.size()); i++) {
      int slot = (start + i) % outer.size();
      if (isOrdinary(outer, slot) && isApartByAddress(slot, mapping, remoteAddress)) {
        return slot;
      }
    }
    return NONE;
  }

  private int amongAll(OuterPorts outer, int mapping, int remoteAddress, int remotePort) {
    int protocol = mappings.protocol(mapping);
    int start = outer.below(outer.size());
    for (int i = 0; i < Math.min(TRIES_MAX, outer.size()); i++) {
      int slot = (start + i) % outer.size();
      boolean isShareable = outer.isShared(slot) || isOrdinary(outer, slot);
      if (isShareable && isApartByEndpoint(slot, protocol, remoteAddress, remotePort)) {
        return slot;
      }
    }
    return NONE;
  }

  /// Whether the port has an owner that never spoke to a second remote and did not ask for it.
  private boolean isOrdinary(OuterPorts outer, int slot) {
    int owner = outer.owner(slot);
    boolean isOwned = owner != NONE && outer.isDynamic(slot);
    return isOwned && !outer.isPrivate(slot) && !mappings.is(owner, Mappings.RESERVED);
  }

  /// Notes a session that a mapping begins from a slot. Its number in the table is not needed yet.
  ///
  /// @return whether it must be told apart by the remote port
  boolean enter(int mapping, int slot, int remoteAddress, long now) {
    OuterPorts outer = of(mappings.protocol(mapping));
    boolean isCrowding = !isApartByAddress(slot, mapping, remoteAddress);
    outer.addSession(slot, isCrowding, now);
    mappings.setSessions(mapping, mappings.sessions(mapping) + 1);
    if (mappings.slot(mapping) == NONE) {
      mappings.setSlot(mapping, slot);
    }
    if (mappings.slot(mapping) == slot) {
      mappings.addStaying(mapping, 1);
    }
    speak(mapping, remoteAddress, now);
    return isCrowding;
  }

  private void speak(int mapping, int remoteAddress, long now) {
    int first = mappings.spoken(mapping);
    if (first == 0) {
      mappings.setSpoken(mapping, remoteAddress);
    } else if (first != remoteAddress && mappings.is(mapping, Mappings.OWNER)) {
      makePrivate(mapping, now);
    }
  }

  private void makePrivate(int mapping, long now) {
    if (!mappings.is(mapping, Mappings.PRIVATE)) {
      mappings.set(mapping, Mappings.PRIVATE);
      of(mappings.protocol(mapping)).addPrivate(mappings.slot(mapping), now);
    }
  }

  /// A mapping hears from a remote address for the first time in a session. From a second address
  /// on it looks like a game or a call: it keeps its port, for itself where it can.
  void hear(int mapping, int remoteAddress, long now) {
    if (mapping == NONE || mappings.slot(mapping) == NONE) {
      return;
    }
    int first = mappings.heard(mapping);
    if (first == 0) {
      mappings.setHeard(mapping, remoteAddress);
    } else if (first != remoteAddress) {
      keep(mapping, now);
    }
  }

  private void keep(int mapping, long now) {
    int slot = mappings.slot(mapping);
    makePrivate(mapping, now);
    if (of(mappings.protocol(mapping)).owner(slot) == NONE) {
      makeOwner(mapping, slot, now);
    }
  }

  /// The stay of a mapping that a session which begins from a slot belongs to, or 0.
  int stay(int mapping, int slot) {
    return mappings.slot(mapping) == slot ? mappings.stay(mapping) : 0;
  }

  /// Notes that a session of a mapping has ended; without sessions and reservation it goes. A guest
  /// without sessions at its port has that no more: somebody else may come there.
  ///
  /// @param stay what [#stay] said when it began
  void leave(int mapping, int slot, int stay, boolean isCrowding, long now) {
    of(mappings.protocol(mapping)).removeSession(slot, isCrowding, now);
    mappings.setSessions(mapping, mappings.sessions(mapping) - 1);
    if (stay == mappings.stay(mapping)) {
      mappings.addStaying(mapping, -1);
      if (mappings.staying(mapping) == 0 && !mappings.is(mapping, Mappings.OWNER)) {
        detach(mapping, now);
      }
    }
    endIfUnused(mapping, now);
  }

  /// Takes a mapping away that has nothing: also one that was made and got no port.
  void endIfUnused(int mapping, long now) {
    if (mappings.sessions(mapping) > 0 || mappings.is(mapping, Mappings.RESERVED)) {
      return;
    }
    detach(mapping, now);
    hosts.addMapping(mappings.host(mapping), -1);
    mappings.remove(mapping);
  }

  /// Leaves a mapping without a port; its sessions keep theirs.
  private void detach(int mapping, long now) {
    if (mappings.is(mapping, Mappings.PRIVATE)) {
      mappings.clear(mapping, Mappings.PRIVATE);
      of(mappings.protocol(mapping)).removePrivate(mappings.slot(mapping), now);
    }
    if (mappings.is(mapping, Mappings.OWNER)) {
      endOwner(mapping, now);
    }
    mappings.endStay(mapping);
  }

  /// Makes a mapping the owner of a port, whoever had it: the others' sessions live on.
  private void seize(int mapping, int slot, long now) {
    OuterPorts outer = of(mappings.protocol(mapping));
    int before = outer.owner(slot);
    if (before == mapping) {
      return;
    }
    detach(mapping, now);
    outer.takeExactly(slot);
    makeOwner(mapping, slot, now);
    if (before != NONE) {
      mappings.clear(before, Mappings.RESERVED);
      detach(before, now);
      endIfUnused(before, now);
    }
  }

  /// Makes a mapping the owner of a port that it keeps without sessions.
  ///
  /// @param claim [Mappings#EXPLICIT] or [Mappings#FORWARD]
  void reserve(int mapping, int slot, int claim, long now) {
    seize(mapping, slot, now);
    makePrivate(mapping, now);
    mappings.set(mapping, claim);
  }

  /// Whether an inside endpoint may become the owner of a port that nobody has: it has none, and
  /// its host no more than its share, so that strangers cannot use the set up by knocking
  /// everywhere.
  boolean mayClaim(int address, int port, int protocol, long now) {
    int mapping = mappings.find(address, port, protocol);
    boolean isWithout = mapping == Mappings.NONE || mappings.slot(mapping) == NONE;
    return isWithout && hasShareOf(hosts.of(address, settings.hosts(), now), protocol);
  }

  /// Makes an inside endpoint the owner of a port that nobody has.
  ///
  /// @return its mapping, or none when there is no room for one more
  int claim(int address, int port, int protocol, int slot, long now) {
    int mapping = mapping(address, port, protocol, now);
    if (mapping != Mappings.NONE) {
      of(protocol).takeExactly(slot);
      makeOwner(mapping, slot, now);
    }
    return mapping;
  }

  /// Ends the reservation of a mapping; without sessions it goes.
  void release(int mapping, long now) {
    mappings.clear(mapping, Mappings.RESERVED);
    endIfUnused(mapping, now);
  }

  /// Frees ports that have rested, and forgets hosts that have nothing.
  void age(long now) {
    for (OuterPorts outer : groups) {
      outer.age(now);
    }
    hosts.sweep(settings.hosts(), now);
  }
}
