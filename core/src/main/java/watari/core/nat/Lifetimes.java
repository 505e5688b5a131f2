package watari.core.nat;

import watari.core.wire.Protocol;

/// How long each session may still be silent.
final class Lifetimes {
  private static final int DNS_PORT = 53;

  private final SessionTable sessions;
  private Timers timers;

  Lifetimes(SessionTable sessions, Timers timers) {
    this.sessions = sessions;
    this.timers = timers;
  }

  void become(Timers next) {
    timers = next;
  }

  boolean isOver(int session, long now) {
    return now - sessions.last(session) >= patience(session) * 1000L;
  }

  private int patience(int session) {
    return switch (sessions.protocol(session)) {
      case Protocol.TCP -> TcpStates.seconds(sessions.state(session), timers);
      case Protocol.ICMP -> timers.icmpSeconds();
      default ->
          sessions.remotePort(session) == DNS_PORT ? timers.udpDnsSeconds() : timers.udpSeconds();
    };
  }

  /// How long the last session of a mapping will live if nothing more is sent, 0 without one. It
  /// walks over the whole table: for those who ask, not for packets.
  int secondsLeft(int mapping, long now) {
    long most = 0;
    for (int session = 0; session < sessions.span(); session++) {
      if (sessions.isLive(session) && sessions.mapping(session) == mapping) {
        most = Math.max(most, sessions.last(session) + patience(session) * 1000L - now);
      }
    }
    return (int) ((most + 999) / 1000);
  }
}
