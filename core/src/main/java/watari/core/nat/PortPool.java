package watari.core.nat;

import watari.core.rule.PortSet;

/// The free ports of a port set, for one protocol. A port comes out at random (RFC 6056 §3.3.1), in
/// constant time, from all ranges of the set alike.
final class PortPool {
  /// What [#take] says when nothing is free.
  static final int NONE = -1;

  /// Where the whole port space is ours, the system ports stay out of the pool (RFC 7597 §4). Where
  /// a set begins with them, with a PSID offset of 0, only port 0 does, which no host can speak to.
  private static final int SYSTEM_PORTS = 1024;

  private final PortSet ports;
  private final Randomness randomness;

  /// Free port indexes, even ports in one bag and odd ones in the other, so that parity can be kept
  /// (RFC 4787 REQ-4).
  private final int[][] bags = new int[2][];

  private final int[] sizes = new int[2];

  /// Where in its bag a port index lies, or -1 while it is taken.
  private final int[] places;

  PortPool(PortSet ports, Randomness randomness) {
    this.ports = ports;
    this.randomness = randomness;
    places = new int[ports.size()];
    bags[0] = new int[ports.size()];
    bags[1] = new int[ports.size()];
    int leastPort = ports.isAll() ? SYSTEM_PORTS : 1;
    for (int index = 0; index < ports.size(); index++) {
      places[index] = -1;
      if (ports.port(index) >= leastPort) {
        put(index);
      }
    }
  }

  int free() {
    return sizes[0] + sizes[1];
  }

  /// Takes `wanted` itself if it is free (RFC 6056 §4), otherwise a random port of its parity,
  /// otherwise any.
  int take(int wanted) {
    int index = ports.index(wanted);
    if (index >= 0 && places[index] >= 0) {
      return takeFrom(wanted & 1, places[index]);
    }
    int parity = wanted & 1;
    int bag = sizes[parity] > 0 ? parity : parity ^ 1;
    return sizes[bag] == 0 ? NONE : takeFrom(bag, randomness.below(sizes[bag]));
  }

  private int takeFrom(int bag, int place) {
    int index = bags[bag][place];
    int last = bags[bag][--sizes[bag]];
    bags[bag][place] = last;
    places[last] = place;
    places[index] = -1;
    return ports.port(index);
  }

  void give(int port) {
    put(ports.index(port));
  }

  private void put(int index) {
    int bag = ports.port(index) & 1;
    places[index] = sizes[bag];
    bags[bag][sizes[bag]++] = index;
  }
}
