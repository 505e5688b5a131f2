package watari.core.nat;

import java.util.Arrays;
import watari.core.rule.PortSet;

/// The ports of the set for one protocol: which are free, which rest, and who owns the others. A
/// port is a *slot*, its index in the set.
///
/// ```
///          take                   nobody is left            after the hold, or when it is full
/// free ----------> in use ------------------------> held ----------------------------------> free
/// ```
///
/// A free port comes out at random (RFC 6056 §3.3.1), in constant time, from all ranges of the set
/// alike.
final class OuterPorts {
  static final int NONE = -1;

  private final PortSet ports;
  private final Randomness randomness;

  /// Free slots, those of even ports in one bag and of odd ones in the other, so that parity can be
  /// kept (RFC 4787 REQ-4).
  private final Bag[] free;

  /// Ports with guests and neither an owner nor a private endpoint: new guests go there first.
  private final Bag shared;

  /// Ports outside the dynamic ones: a reservation may have them, a flow of the home not.
  private final boolean[] isDynamic;

  /// Whether somebody has it; if not, it is free, rests, or is outside the dynamic ones.
  private final boolean[] isTaken;

  private final int[] owners;
  private final int[] sessions;
  private final int[] crowds;
  private final int[] privates;

  private final HeldPorts held;
  private long holdMillis;

  OuterPorts(PortSet ports, NatSettings settings, Randomness randomness) {
    this.ports = ports;
    this.randomness = randomness;
    int size = ports.size();
    free = new Bag[] {new Bag(size), new Bag(size)};
    shared = new Bag(size);
    isDynamic = new boolean[size];
    isTaken = new boolean[size];
    owners = new int[size];
    Arrays.fill(owners, NONE);
    sessions = new int[size];
    crowds = new int[size];
    privates = new int[size];
    int dynamic = 0;
    for (int slot = 0; slot < size; slot++) {
      isDynamic[slot] = settings.dynamicPorts().contains(ports.port(slot));
      dynamic += isDynamic[slot] ? 1 : 0;
      putFree(slot);
    }
    held = new HeldPorts(dynamic / 4);
    holdMillis = settings.holdSeconds() * 1000L;
  }

  void become(NatSettings next) {
    holdMillis = next.holdSeconds() * 1000L;
  }

  private void putFree(int slot) {
    if (isDynamic[slot]) {
      free[ports.port(slot) & 1].add(slot);
    }
  }

  /// How many ports a flow could get now, without those that rest.
  int free() {
    return free[0].size() + free[1].size();
  }

  int held() {
    return held.size();
  }

  /// Ports that carry guests only.
  int shared() {
    return shared.size();
  }

  int port(int slot) {
    return ports.port(slot);
  }

  /// The slot of a port, or [#NONE].
  int slot(int port) {
    return ports.index(port);
  }

  int size() {
    return ports.size();
  }

  /// Whether a flow of the home may have it.
  boolean isDynamic(int slot) {
    return isDynamic[slot];
  }

  int owner(int slot) {
    return owners[slot];
  }

  /// Whether some session of a guest had to be told apart by the remote port.
  boolean isCrowded(int slot) {
    return crowds[slot] > 0;
  }

  /// Whether nobody has it, now or a moment ago.
  boolean isFree(int slot) {
    return isUnused(slot) && !held.contains(slot);
  }

  /// Whether nobody has it now.
  boolean isUnused(int slot) {
    return owners[slot] == NONE && sessions[slot] == 0;
  }

  /// Takes `wanted` itself if it is free (RFC 6056 §4), otherwise a random port of its parity,
  /// otherwise any, otherwise, where `early`, the one that has rested longest.
  ///
  /// @return its slot, or [#NONE]; the caller gives it an owner or a session now
  int take(int wanted, boolean early) {
    int slot = ports.index(wanted);
    int parity = wanted & 1;
    if (slot == NONE || !free[parity].contains(slot)) {
      slot = draw(parity, early);
    }
    if (slot != NONE) {
      free[ports.port(slot) & 1].remove(slot);
      isTaken[slot] = true;
    }
    return slot;
  }

  private int draw(int parity, boolean early) {
    Bag bag = free[parity].size() > 0 ? free[parity] : free[parity ^ 1];
    if (bag.size() > 0) {
      return bag.at(randomness.below(bag.size()));
    }
    return early && held.size() > 0 ? held.takeOldest() : NONE;
  }

  /// Takes one port, whoever has it.
  void takeExactly(int slot) {
    free[ports.port(slot) & 1].remove(slot);
    held.remove(slot);
    isTaken[slot] = true;
  }

  /// Gives back what was taken and got neither owner nor session.
  void giveBack(int slot) {
    isTaken[slot] = false;
    putFree(slot);
  }

  void setOwner(int slot, int mapping, long now) {
    owners[slot] = mapping;
    settle(slot, now);
  }

  void addSession(int slot, boolean isCrowding, long now) {
    sessions[slot]++;
    crowds[slot] += isCrowding ? 1 : 0;
    settle(slot, now);
  }

  void removeSession(int slot, boolean isCrowding, long now) {
    sessions[slot]--;
    crowds[slot] -= isCrowding ? 1 : 0;
    settle(slot, now);
  }

  void addPrivate(int slot, long now) {
    privates[slot]++;
    settle(slot, now);
  }

  void removePrivate(int slot, long now) {
    privates[slot]--;
    settle(slot, now);
  }

  boolean isPrivate(int slot) {
    return privates[slot] > 0;
  }

  private void settle(int slot, long now) {
    if (isUnused(slot)) {
      shared.remove(slot);
      rest(slot, now);
    } else if (isDynamic[slot] && owners[slot] == NONE && privates[slot] == 0) {
      shared.add(slot);
    } else {
      shared.remove(slot);
    }
  }

  private void rest(int slot, long now) {
    if (!isTaken[slot]) {
      return;
    }
    isTaken[slot] = false;
    int freed = isDynamic[slot] && holdMillis > 0 ? held.add(slot, now) : slot;
    if (freed != NONE) {
      putFree(freed);
    }
  }

  /// Frees what has rested long enough.
  void age(long now) {
    while (held.size() > 0 && now - held.oldestSince() >= holdMillis) {
      putFree(held.takeOldest());
    }
  }

  /// Whether it carries guests only, none of them private.
  boolean isShared(int slot) {
    return shared.contains(slot);
  }

  /// A port with guests only, `step` places behind a random one that `start` says.
  int sharedAt(int start, int step) {
    return shared.at((start + step) % shared.size());
  }

  int below(int bound) {
    return randomness.below(bound);
  }
}
