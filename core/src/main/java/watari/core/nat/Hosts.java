package watari.core.nat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import watari.core.net.Ipv4Address;

/// The hosts at home that have something, and how much each has. There is room for so many; those
/// beyond share one place, so that a host that invents addresses limits only itself.
final class Hosts {
  private static final int NONE = -1;
  private static final int GROUPS = 3;
  private static final int HOSTS_MAX = 1024;

  /// The place of all for whom there was none.
  private static final int THE_OTHERS = HOSTS_MAX;

  /// What a new session takes, so that one millisecond adds as many of these as there are sessions
  /// a second.
  private static final long COST = 1000;

  private final long secret;
  private final int[] addresses = new int[HOSTS_MAX + 1];
  private final int[] begun = new int[HOSTS_MAX + 1];
  private final int[] heard = new int[HOSTS_MAX + 1];
  private final int[][] ports = new int[GROUPS][HOSTS_MAX + 1];
  private final int[] mappings = new int[HOSTS_MAX + 1];
  private final long[] tokens = new long[HOSTS_MAX + 1];
  private final long[] filled = new long[HOSTS_MAX + 1];
  private final int[] next = new int[HOSTS_MAX + 1];
  private final int[] heads = new int[HOSTS_MAX];
  private int size;
  private int neverUsed;
  private int firstFree = NONE;
  private int sweepAt;

  Hosts(long secret) {
    this.secret = secret;
    Arrays.fill(heads, NONE);
  }

  private int head(int address) {
    return (int) Randomness.mix(address ^ secret) & (HOSTS_MAX - 1);
  }

  private int find(int address) {
    int host = heads[head(address)];
    while (host != NONE && addresses[host] != address) {
      host = next[host];
    }
    return host;
  }

  /// The place of a host.
  int of(int address, HostLimits limits, long now) {
    int host = find(address);
    if (host == NONE) {
      host = size == HOSTS_MAX ? THE_OTHERS : add(address, limits, now);
    }
    return host;
  }

  private int add(int address, HostLimits limits, long now) {
    int host = firstFree == NONE ? neverUsed++ : firstFree;
    firstFree = host == firstFree ? next[host] : firstFree;
    size++;
    addresses[host] = address;
    tokens[host] = burst(limits);
    filled[host] = now;
    next[host] = heads[head(address)];
    heads[head(address)] = host;
    return host;
  }

  private static long burst(HostLimits limits) {
    return 2L * limits.sessionsPerSecond() * COST;
  }

  /// Whether a host may begin a session now: takes it from what it may begin a second.
  boolean mayBegin(int host, HostLimits limits, long now) {
    long added = Math.max(0, now - filled[host]) * limits.sessionsPerSecond();
    tokens[host] = Math.min(burst(limits), tokens[host] + added);
    filled[host] = now;
    if (tokens[host] < COST) {
      return false;
    }
    tokens[host] -= COST;
    return true;
  }

  /// How many sessions a host began.
  int begun(int host) {
    return begun[host];
  }

  /// How many began outside.
  int heard(int host) {
    return heard[host];
  }

  void addBegun(int host, int change) {
    begun[host] += change;
  }

  void addHeard(int host, int change) {
    heard[host] += change;
  }

  /// How many ports of a group a host has for itself.
  int ports(int host, int group) {
    return ports[group][host];
  }

  void addPort(int host, int group, int change) {
    ports[group][host] += change;
  }

  /// A host keeps its place while it has a mapping.
  void addMapping(int host, int change) {
    mappings[host] += change;
  }

  private boolean isUsed(int host) {
    return host < neverUsed && find(addresses[host]) == host;
  }

  /// All hosts, in no order.
  List<HostUse> uses() {
    List<HostUse> uses = new ArrayList<>();
    for (int host = 0; host < neverUsed; host++) {
      if (isUsed(host)) {
        uses.add(use(host));
      }
    }
    if (mappings[THE_OTHERS] > 0) {
      uses.add(use(THE_OTHERS));
    }
    return uses;
  }

  private HostUse use(int host) {
    return new HostUse(
        new Ipv4Address(addresses[host]),
        ports[0][host],
        ports[1][host],
        ports[2][host],
        begun[host],
        heard[host]);
  }

  /// Looks at one host, and forgets it when it has nothing and nothing is to be remembered.
  void sweep(HostLimits limits, long now) {
    if (neverUsed == 0) {
      return;
    }
    sweepAt = sweepAt + 1 < neverUsed ? sweepAt + 1 : 0;
    int host = sweepAt;
    boolean isRested =
        tokens[host] + (now - filled[host]) * limits.sessionsPerSecond() >= burst(limits);
    if (mappings[host] == 0 && isRested && isUsed(host)) {
      remove(host);
    }
  }

  private void remove(int host) {
    int head = head(addresses[host]);
    if (heads[head] == host) {
      heads[head] = next[host];
    } else {
      int at = heads[head];
      while (next[at] != host) {
        at = next[at];
      }
      next[at] = next[host];
    }
    next[host] = firstFree;
    firstFree = host;
    size--;
  }
}
