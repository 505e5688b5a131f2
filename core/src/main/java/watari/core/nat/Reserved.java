package watari.core.nat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import watari.core.nat.Holding.Claim;
import watari.core.wire.Protocol;

/// The ports that are kept for somebody whether they have sessions or not.
final class Reserved {
  /// PCP's own ports, which nobody may map (RFC 6887 §11.3).
  private static final int PCP_PORT_FIRST = 5350;

  private static final int PCP_PORT_LAST = 5351;

  private final Allocator allocator;
  private final Mappings mappings;
  private final Lifetimes lifetimes;
  private final Map<Integer, List<RemoteFilter>> filters = new HashMap<>();

  Reserved(Allocator allocator, Lifetimes lifetimes) {
    this.allocator = allocator;
    this.lifetimes = lifetimes;
    mappings = allocator.mappings();
  }

  private static int flag(Claim claim) {
    return claim == Claim.FORWARD ? Mappings.FORWARD : Mappings.EXPLICIT;
  }

  private Claim claim(int mapping) {
    if (mappings.is(mapping, Mappings.FORWARD)) {
      return Claim.FORWARD;
    }
    return mappings.is(mapping, Mappings.EXPLICIT) ? Claim.EXPLICIT : Claim.IMPLICIT;
  }

  Grant reserve(Wish wish, long now) {
    int protocol = wish.protocol();
    int mapping = mappings.find(wish.insideAddress(), wish.insidePort(), protocol);
    boolean isReserved = mapping != Mappings.NONE && mappings.is(mapping, Mappings.RESERVED);
    if (isReserved && claim(mapping).compareTo(wish.claim()) <= 0) {
      return new Grant.Given(allocator.of(protocol).port(mappings.slot(mapping)));
    }
    mapping = allocator.mapping(wish.insideAddress(), wish.insidePort(), protocol, now);
    if (mapping == Mappings.NONE) {
      return Grant.Refusal.NONE_FREE;
    }
    Grant grant = choose(wish, mapping);
    if (grant instanceof Grant.Given(int port)) {
      int slot = allocator.of(protocol).slot(port);
      filters.remove(allocator.of(protocol).owner(slot));
      filters.remove(mapping);
      mappings.clear(mapping, Mappings.RESERVED);
      allocator.reserve(mapping, slot, flag(wish.claim()), now);
    } else {
      allocator.endIfUnused(mapping, now);
    }
    return grant;
  }

  private Grant choose(Wish wish, int mapping) {
    OuterPorts outer = allocator.of(wish.protocol());
    boolean isOwner = mappings.is(mapping, Mappings.OWNER);
    int own = isOwner ? outer.port(mappings.slot(mapping)) : 0;
    if (isOwner && (own == wish.wantedPort() || !wish.exactly()) && !isKeptBack(wish, own)) {
      return new Grant.Given(own);
    }
    if (wish.claim() == Claim.EXPLICIT && !allocator.hasShare(mapping, wish.protocol())) {
      return Grant.Refusal.HOST_LIMIT;
    }
    if (wish.wantedPort() != 0) {
      Grant wanted = wanted(wish, outer);
      if (wanted instanceof Grant.Given || wish.exactly()) {
        return wanted;
      }
    }
    return any(wish, outer);
  }

  /// What the operator forwards is no host's wish.
  private static boolean isKeptBack(Wish wish, int port) {
    boolean isAsked = wish.claim() == Claim.EXPLICIT && wish.protocol() == Protocol.UDP;
    return isAsked && port >= PCP_PORT_FIRST && port <= PCP_PORT_LAST;
  }

  private Grant wanted(Wish wish, OuterPorts outer) {
    int slot = outer.slot(wish.wantedPort());
    if (slot == OuterPorts.NONE || wish.wantedPort() == 0) {
      return Grant.Refusal.NOT_IN_SET;
    }
    if (isKeptBack(wish, wish.wantedPort())) {
      return Grant.Refusal.KEPT_BACK;
    }
    return mayHave(wish, outer, slot) ? new Grant.Given(wish.wantedPort()) : Grant.Refusal.TAKEN;
  }

  /// A forward may have every port that no other forward has.
  private boolean mayHave(Wish wish, OuterPorts outer, int slot) {
    if (wish.claim() == Claim.FORWARD) {
      int owner = outer.owner(slot);
      return owner == OuterPorts.NONE || !mappings.is(owner, Mappings.FORWARD);
    }
    return allocator.mayEndRest(wish.protocol()) ? outer.isUnused(slot) : outer.isFree(slot);
  }

  private Grant any(Wish wish, OuterPorts outer) {
    boolean early = allocator.mayEndRest(wish.protocol());
    int slot = outer.take(wish.insidePort(), early);
    if (slot != OuterPorts.NONE && isKeptBack(wish, outer.port(slot))) {
      int other = any(wish, outer) instanceof Grant.Given(int port) ? outer.slot(port) : -1;
      outer.giveBack(slot);
      slot = other;
    }
    return slot == OuterPorts.NONE ? Grant.Refusal.NONE_FREE : new Grant.Given(outer.port(slot));
  }

  boolean release(int protocol, int outerPort, long now) {
    OuterPorts outer = allocator.of(protocol);
    int slot = outer.slot(outerPort);
    int owner = slot == OuterPorts.NONE ? Mappings.NONE : outer.owner(slot);
    if (owner == Mappings.NONE || !mappings.is(owner, Mappings.RESERVED)) {
      return false;
    }
    filters.remove(owner);
    allocator.release(owner, now);
    return true;
  }

  void filter(int protocol, int outerPort, List<RemoteFilter> wanted) {
    int slot = allocator.of(protocol).slot(outerPort);
    int owner = slot == OuterPorts.NONE ? Mappings.NONE : allocator.of(protocol).owner(slot);
    if (owner != Mappings.NONE && mappings.is(owner, Mappings.RESERVED) && !wanted.isEmpty()) {
      filters.put(owner, List.copyOf(wanted));
    } else {
      filters.remove(owner);
    }
  }

  /// Whether a remote end may reach a reserved mapping.
  boolean permits(int mapping, int remoteAddress, int remotePort) {
    List<RemoteFilter> own = filters.isEmpty() ? null : filters.get(mapping);
    if (own == null) {
      return true;
    }
    for (RemoteFilter filter : own) {
      if (filter.permits(remoteAddress, remotePort)) {
        return true;
      }
    }
    return false;
  }

  Optional<Holding> ofEndpoint(int protocol, int address, int port, long now) {
    int mapping = mappings.find(address, port, protocol);
    return mapping == Mappings.NONE || mappings.slot(mapping) == Allocator.NONE
        ? Optional.empty()
        : Optional.of(holding(mapping, now));
  }

  Optional<Holding> ofPort(int protocol, int outerPort, long now) {
    int slot = allocator.of(protocol).slot(outerPort);
    int owner = slot == OuterPorts.NONE ? Mappings.NONE : allocator.of(protocol).owner(slot);
    return owner == Mappings.NONE ? Optional.empty() : Optional.of(holding(owner, now));
  }

  boolean isFree(int protocol, int outerPort) {
    int slot = allocator.of(protocol).slot(outerPort);
    return slot != OuterPorts.NONE && allocator.of(protocol).isFree(slot);
  }

  private Holding holding(int mapping, long now) {
    int protocol = mappings.protocol(mapping);
    return new Holding(
        protocol,
        allocator.of(protocol).port(mappings.slot(mapping)),
        mappings.insideAddress(mapping),
        mappings.insidePort(mapping),
        claim(mapping),
        lifetimes.secondsLeft(mapping, now));
  }
}
