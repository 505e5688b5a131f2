package watari.core.nat;

import java.util.Arrays;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;

/// Which inside endpoint has which outer port, for TCP, UDP and ICMP apart (RFC 7857 §5).
///
/// A mapping is a number: the index of its port in the port set, with the protocol's part of the
/// numbers before it. So the way from an outer port to its mapping is arithmetic.
final class Mappings {
  static final int NONE = -1;
  private static final int PROTOCOLS = 3;

  private final PortSet ports;
  private final PortPool[] pools = new PortPool[PROTOCOLS];
  private final long[] endpoints;
  private final int[] sessions;
  private final int[] next;
  private final int[] heads;
  private final long secret;

  Mappings(PortSet ports, Randomness randomness) {
    this.ports = ports;
    for (int i = 0; i < PROTOCOLS; i++) {
      pools[i] = new PortPool(ports, randomness);
    }
    int count = PROTOCOLS * ports.size();
    endpoints = new long[count];
    sessions = new int[count];
    next = new int[count];
    heads = new int[Integer.highestOneBit(count) << 1];
    Arrays.fill(heads, NONE);
    secret = randomness.next();
  }

  private static int group(int protocol) {
    return switch (protocol) {
      case Protocol.TCP -> 0;
      case Protocol.UDP -> 1;
      default -> 2;
    };
  }

  private static long endpoint(int address, int port) {
    return (long) address << 16 | port;
  }

  private int head(long endpoint, int group) {
    return (int) Randomness.mix((endpoint * 4 + group) ^ secret) & (heads.length - 1);
  }

  int free(int protocol) {
    return pools[group(protocol)].free();
  }

  /// The mapping of an inside endpoint, or [#NONE].
  int find(int address, int port, int protocol) {
    int group = group(protocol);
    long endpoint = endpoint(address, port);
    int mapping = heads[head(endpoint, group)];
    while (mapping != NONE && (endpoints[mapping] != endpoint || mapping / ports.size() != group)) {
      mapping = next[mapping];
    }
    return mapping;
  }

  /// The mapping that an outer port has now, or [#NONE].
  int byPort(int port, int protocol) {
    int index = ports.index(port);
    int mapping = group(protocol) * ports.size() + index;
    return index >= 0 && sessions[mapping] > 0 ? mapping : NONE;
  }

  /// Gives an inside endpoint a port of the set, or answers [#NONE] when none is free. A mapping
  /// lives as long as it has sessions, so the caller adds one now.
  int add(int address, int port, int protocol) {
    int group = group(protocol);
    int outer = pools[group].take(port);
    if (outer == PortPool.NONE) {
      return NONE;
    }
    int mapping = group * ports.size() + ports.index(outer);
    endpoints[mapping] = endpoint(address, port);
    int head = head(endpoints[mapping], group);
    next[mapping] = heads[head];
    heads[head] = mapping;
    return mapping;
  }

  void addSession(int mapping) {
    sessions[mapping]++;
  }

  /// Takes one session away; the last one takes the mapping with it.
  void removeSession(int mapping) {
    if (--sessions[mapping] > 0) {
      return;
    }
    int group = mapping / ports.size();
    int head = head(endpoints[mapping], group);
    if (heads[head] == mapping) {
      heads[head] = next[mapping];
    } else {
      int at = heads[head];
      while (next[at] != mapping) {
        at = next[at];
      }
      next[at] = next[mapping];
    }
    pools[group].give(outerPort(mapping));
  }

  int outerPort(int mapping) {
    return ports.port(mapping % ports.size());
  }

  int insideAddress(int mapping) {
    return (int) (endpoints[mapping] >>> 16);
  }

  int insidePort(int mapping) {
    return (int) endpoints[mapping] & 0xffff;
  }
}
