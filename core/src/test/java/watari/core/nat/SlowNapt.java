package watari.core.nat;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// Translation written to be read: every question is answered by a walk over all sessions.
///
/// Only the choice of a port is not made here but checked, as it is random.
final class SlowNapt {
  record Endpoint(int address, int port) {}

  /// An outer port's session with a remote endpoint; of ICMP the remote port is 0.
  record SessionKey(int protocol, int outerPort, Endpoint remote) {}

  record Session(Endpoint inside, long last, Set<Seen> seen) {}

  /// What a TCP session has seen.
  enum Seen {
    SYN_OUT,
    SYN_IN,
    FIN_OUT,
    FIN_IN,
    RESET
  }

  private final PortSet ports;
  private final List<Integer> usable;
  private final Timers timers;
  private final int sessionsMax;
  private final Map<SessionKey, Session> sessions = new LinkedHashMap<>();
  private Optional<Long> searched = Optional.empty();

  SlowNapt(PortSet ports, Timers timers, int sessionsMax) {
    this.ports = ports;
    usable = IntStream.range(0, 65_536).filter(this::isUsable).boxed().toList();
    this.timers = timers;
    this.sessionsMax = sessionsMax;
  }

  int size() {
    return sessions.size();
  }

  /// Outer ports in use, with who has them.
  Map<Integer, Endpoint> owners(int protocol) {
    Map<Integer, Endpoint> owners = new HashMap<>();
    sessions.forEach((key, session) -> {
      if (key.protocol() == protocol) {
        Endpoint other = owners.putIfAbsent(key.outerPort(), session.inside());
        assertThat(other == null || other.equals(session.inside()))
            .as("port %d has one owner", key.outerPort())
            .isTrue();
      }
    });
    return owners;
  }

  private boolean isUsable(int port) {
    return ports.contains(port) && port >= (ports.isAll() ? 1024 : 1);
  }

  int free(int protocol) {
    return usable.size() - owners(protocol).size();
  }

  /// A packet from the home.
  ///
  /// @param chosen the port that the fast one gave, which counts only where it had to choose
  /// @return why not, or nothing
  Optional<Drop> outbound(
      int protocol, Endpoint inside, Endpoint remote, int flags, long now, int chosen) {
    @Nullable Integer outer = outerPortOf(protocol, inside);
    SessionKey key = outer == null ? null : new SessionKey(protocol, outer, remote);
    if (key == null || !isLive(key, now)) {
      if (protocol == Protocol.TCP && (flags & Tcp.RST) != 0) {
        return Optional.of(Drop.TCP_WITHOUT_SESSION);
      }
      if (sessions.size() == sessionsMax && !findsRoom(now)) {
        return Optional.of(Drop.SESSIONS_EXHAUSTED);
      }
      outer = outerPortOf(protocol, inside);
      if (outer == null && free(protocol) == 0 && !findsRoom(now)) {
        return Optional.of(Drop.PORTS_EXHAUSTED);
      }
      if (outer == null && free(protocol) == 0) {
        return Optional.of(Drop.PORTS_EXHAUSTED);
      }
      if (outer == null) {
        checkChoice(protocol, inside.port(), chosen);
        outer = chosen;
      }
      key = new SessionKey(protocol, outer, remote);
      sessions.put(key, new Session(inside, now, Set.of()));
    }
    assertThat(chosen).as("one inside endpoint has one outer port").isEqualTo(key.outerPort());
    see(key, flags, Seen.SYN_OUT, Seen.FIN_OUT, now);
    return Optional.empty();
  }

  /// A packet from the line; why it may not pass, or nothing.
  Optional<Drop> inbound(int protocol, int outerPort, Endpoint remote, int flags, long now) {
    SessionKey key = new SessionKey(protocol, outerPort, remote);
    if (!isLive(key, now)) {
      boolean begins = (flags & (Tcp.SYN | Tcp.ACK | Tcp.FIN | Tcp.RST)) == Tcp.SYN;
      if (owners(protocol).containsKey(outerPort) && protocol == Protocol.TCP && !begins) {
        return Optional.of(Drop.FILTERED);
      }
      if (!owners(protocol).containsKey(outerPort)) {
        return Optional.of(Drop.NO_MAPPING);
      }
      if (!speaksTo(protocol, outerPort, remote.address(), now)) {
        return Optional.of(Drop.FILTERED);
      }
      boolean isHalfFull = sessions.size() >= sessionsMax / 2;
      if (isHalfFull && (!findsRoom(now) || sessions.size() >= sessionsMax / 2)) {
        return Optional.of(Drop.SESSIONS_EXHAUSTED);
      }
      Endpoint inside = requireNonNull(owners(protocol).get(outerPort));
      sessions.put(key, new Session(inside, now, Set.of()));
    }
    see(key, flags, Seen.SYN_IN, Seen.FIN_IN, now);
    return Optional.empty();
  }

  /// Whether an error about a packet of this session may pass.
  Optional<Drop> error(SessionKey key, boolean isInbound, long now) {
    if (isLive(key, now)) {
      return Optional.empty();
    }
    boolean hasOwner = owners(key.protocol()).containsKey(key.outerPort());
    return Optional.of(isInbound && !hasOwner ? Drop.NO_MAPPING : Drop.ERROR_WITHOUT_SESSION);
  }

  @Nullable Integer outerPortOf(int protocol, Endpoint inside) {
    return owners(protocol).entrySet().stream()
        .filter(owner -> owner.getValue().equals(inside))
        .map(Map.Entry::getKey)
        .findAny()
        .orElse(null);
  }

  private boolean speaksTo(int protocol, int outerPort, int address, long now) {
    return sessions.keySet().stream()
        .filter(key -> key.protocol() == protocol && key.outerPort() == outerPort)
        .filter(key -> key.remote().address() == address)
        .anyMatch(key -> !isOver(key, now));
  }

  /// A session that is found to be over goes.
  private boolean isLive(SessionKey key, long now) {
    if (sessions.containsKey(key) && isOver(key, now)) {
      sessions.remove(key);
    }
    return sessions.containsKey(key);
  }

  private Session session(SessionKey key) {
    return requireNonNull(sessions.get(key));
  }

  private boolean isOver(SessionKey key, long now) {
    return now - session(key).last() >= 1000L * seconds(key);
  }

  private int seconds(SessionKey key) {
    if (key.protocol() == Protocol.ICMP) {
      return timers.icmpSeconds();
    }
    if (key.protocol() == Protocol.UDP) {
      return key.remote().port() == 53 ? timers.udpDnsSeconds() : timers.udpSeconds();
    }
    Set<Seen> seen = session(key).seen();
    if (seen.contains(Seen.RESET)) {
      return timers.tcpResetSeconds();
    }
    if (seen.containsAll(Set.of(Seen.FIN_OUT, Seen.FIN_IN))) {
      return timers.tcpClosingSeconds();
    }
    boolean isOpen = seen.containsAll(Set.of(Seen.SYN_OUT, Seen.SYN_IN));
    return isOpen ? timers.tcpEstablishedSeconds() : timers.tcpOpeningSeconds();
  }

  private void see(SessionKey key, int flags, Seen syn, Seen fin, long now) {
    Session before = session(key);
    Set<Seen> seen = new HashSet<>(before.seen());
    long last = now;
    if (key.protocol() == Protocol.TCP) {
      if ((flags & Tcp.RST) != 0) {
        last = seen.add(Seen.RESET) ? now : before.last();
      } else if ((flags & Tcp.SYN) != 0) {
        if (seen.contains(Seen.RESET) || seen.containsAll(Set.of(Seen.FIN_OUT, Seen.FIN_IN))) {
          seen.clear();
        }
        seen.add(syn);
      } else {
        seen.remove(Seen.RESET);
        if ((flags & Tcp.FIN) != 0) {
          seen.add(fin);
        }
      }
    }
    sessions.put(key, new Session(before.inside(), last, seen));
  }

  /// Ends what is over.
  void sweep(long now) {
    sessions.keySet().removeIf(key -> isOver(key, now));
  }

  private boolean findsRoom(long now) {
    if (searched.isPresent() && now - searched.get() < 1000) {
      return false;
    }
    searched = Optional.of(now);
    int before = sessions.size();
    sweep(now);
    return sessions.size() < before;
  }

  /// RFC 6056 §4 and RFC 4787 REQ-4.
  private void checkChoice(int protocol, int wanted, int chosen) {
    Set<Integer> taken = owners(protocol).keySet();
    assertThat(isUsable(chosen)).as("port %d is in the set", chosen).isTrue();
    assertThat(taken).as("the port given is free").doesNotContain(chosen);
    if (isUsable(wanted) && !taken.contains(wanted)) {
      assertThat(chosen).as("the wanted port is free").isEqualTo(wanted);
    }
    boolean hasEqualParity =
        usable.stream().anyMatch(port -> ((port ^ wanted) & 1) == 0 && !taken.contains(port));
    if (hasEqualParity) {
      assertThat(chosen & 1).as("parity is kept").isEqualTo(wanted & 1);
    }
  }
}
