package watari.lab.bench;

import java.util.List;
import java.util.Optional;
import watari.lab.bench.Frames.Tunnel;

/// Packets of the sessions of one home, as a gateway translates them: [#HOSTS] hosts with a port
/// each speak to ever more remote addresses. Session number `n` is that of host `n` modulo [#HOSTS]
/// with remote address `n` divided by [#HOSTS].
///
/// @param sessions how many there are
/// @param isInOrder whether the sessions come one after the other, and not at random
/// @param size bytes of the IPv4 packets
/// @param isUp whether the home sends them
/// @param tunnel the one that they are in, if they are
/// @param address of the first host, where the home sends, else the address that all have
/// @param ports the port of each host, as the packets have it
record SessionTraffic(
    int sessions,
    boolean isInOrder,
    int size,
    boolean isUp,
    Optional<Tunnel> tunnel,
    int address,
    List<Integer> ports)
    implements Traffic {
  /// As many as a home of the lab has ports.
  static final int HOSTS = 240;

  /// The first remote address.
  static final int REMOTES = 0x14000000;

  SessionTraffic {
    ports = List.copyOf(ports);
    if (ports.size() != HOSTS) {
      throw new IllegalArgumentException("each host has a port");
    }
  }

  @Override
  public boolean isTunnelled() {
    return tunnel.isPresent();
  }

  @Override
  public int gapNanos() {
    return 0;
  }

  @Override
  public long seed() {
    return isInOrder ? 0 : Traffic.super.seed();
  }

  /// The same, but each session once, one after the other.
  SessionTraffic inOrder() {
    return new SessionTraffic(sessions, true, size, isUp, tunnel, address, ports);
  }
}
