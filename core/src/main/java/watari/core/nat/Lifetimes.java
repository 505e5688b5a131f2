package watari.core.nat;

import watari.core.wire.Protocol;

/// How long each session may still be silent.
final class Lifetimes {
  private static final int DNS_PORT = 53;

  private final SessionTable sessions;
  private final Carriage carriage;
  private Timers timers;

  Lifetimes(SessionTable sessions, Carriage carriage, Timers timers) {
    this.sessions = sessions;
    this.carriage = carriage;
    this.timers = timers;
  }

  void become(Timers next) {
    timers = next;
  }

  /// Whoever else carries the session's packets is only asked when it would be over without them.
  boolean isOver(int session, long now) {
    if (!isSilent(session, now)) {
      return false;
    }
    carriage.refresh(session, now);
    return isSilent(session, now);
  }

  private boolean isSilent(int session, long now) {
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
        carriage.refresh(session, now);
        most = Math.max(most, sessions.last(session) + patience(session) * 1000L - now);
      }
    }
    return (int) ((most + 999) / 1000);
  }
}
