package watari.core.nat;

import watari.core.wire.Slab;
import watari.core.wire.Tcp;

/// How the segments of a connection change the state of its session (RFC 7857 §2).
///
/// A reset from the Internet counts only where it fits exactly (as RFC 5961 §3 asks of an end):
/// whoever does not see the connection cannot shorten its life.
final class TcpStates {
  static final int SYN_OUT = 1;
  static final int SYN_IN = 2;
  static final int FIN_OUT = 4;
  static final int FIN_IN = 8;
  static final int RESET = 16;

  private static final int SYNS = SYN_OUT | SYN_IN;
  private static final int FINS = FIN_OUT | FIN_IN;

  /// No window is larger than this on a household's line; what lies further ahead is not believed.
  private static final int AHEAD_MAX = 1 << 24;

  private final SessionTable sessions;

  TcpStates(SessionTable sessions) {
    this.sessions = sessions;
  }

  /// Whether a segment begins a connection.
  static boolean begins(int flags) {
    return (flags & (Tcp.SYN | Tcp.ACK | Tcp.RST | Tcp.FIN)) == Tcp.SYN;
  }

  static boolean isEstablished(int state) {
    return (state & SYNS) == SYNS && (state & FINS) != FINS && (state & RESET) == 0;
  }

  static int seconds(int state, Timers timers) {
    if ((state & RESET) != 0) {
      return timers.tcpResetSeconds();
    }
    if ((state & FINS) == FINS) {
      return timers.tcpClosingSeconds();
    }
    return (state & SYNS) == SYNS ? timers.tcpEstablishedSeconds() : timers.tcpOpeningSeconds();
  }

  /// Takes note of a segment from the home.
  ///
  /// @return whether it keeps the session alive; a reset does not, beyond the first
  boolean out(int session, long segment, int bytes) {
    int flags = Tcp.flags(segment);
    int state = anew(session, flags);
    if ((flags & Tcp.RST) != 0) {
      return reset(session, state);
    }
    sessions.setNextOut(session, later(sessions.nextOut(session), end(segment, bytes, flags)));
    if ((flags & Tcp.ACK) != 0) {
      sessions.setAcknowledged(session, Slab.intAt(segment + 8));
    }
    become(session, next(state, flags, SYN_OUT, FIN_OUT));
    return true;
  }

  /// Takes note of a segment from the Internet; the same.
  boolean in(int session, long segment, int bytes) {
    int flags = Tcp.flags(segment);
    int state = anew(session, flags);
    if ((flags & Tcp.RST) != 0) {
      return isBelievable(session, segment, flags) && reset(session, state);
    }
    noteIn(session, segment, bytes, flags);
    become(session, next(state, flags, SYN_IN, FIN_IN));
    return true;
  }

  /// The state that a segment meets. A SYN after both ends closed or one reset begins anew: both
  /// must send one again, and nothing is known of their numbers.
  private int anew(int session, int flags) {
    int state = sessions.state(session);
    boolean isOver = (state & FINS) == FINS || (state & RESET) != 0;
    if ((flags & Tcp.SYN) == 0 || !isOver) {
      return state;
    }
    sessions.setNextOut(session, 0);
    sessions.setNextIn(session, 0);
    sessions.setAcknowledged(session, 0);
    return state & ~(SYNS | FINS | RESET);
  }

  private void become(int session, int state) {
    if (state != sessions.state(session)) {
      sessions.setState(session, state);
    }
  }

  private boolean reset(int session, int state) {
    become(session, state | RESET);
    return (state & RESET) == 0;
  }

  /// A segment after a reset shows that the reset was not believed (RFC 7857 §2.2).
  private static int next(int state, int flags, int syn, int fin) {
    int marks = (flags & Tcp.SYN) != 0 ? syn : (flags & Tcp.FIN) != 0 ? fin : 0;
    return (state & ~RESET) | marks;
  }

  private void noteIn(int session, long segment, int bytes, int flags) {
    int expected = sessions.acknowledged(session);
    int end = end(segment, bytes, flags);
    boolean isNear = expected == 0 || Integer.compareUnsigned(end - expected, AHEAD_MAX) <= 0;
    if (isNear) {
      sessions.setNextIn(session, later(sessions.nextIn(session), end));
    }
  }

  /// Whether a reset has the number that the home waits for, or the one behind all that came. The
  /// answer to a first SYN has no number of its own, but acknowledges that SYN.
  private boolean isBelievable(int session, long segment, int flags) {
    int sequence = Slab.intAt(segment + 4);
    int expected = sessions.acknowledged(session);
    int next = sessions.nextIn(session);
    if (expected == 0 && next == 0) {
      boolean answers =
          (flags & Tcp.ACK) != 0 && Slab.intAt(segment + 8) == sessions.nextOut(session);
      return answers || sessions.nextOut(session) == 0;
    }
    return (expected != 0 && sequence == expected) || (next != 0 && sequence == next);
  }

  /// The number behind a segment: a SYN and a FIN count as a byte each.
  private static int end(long segment, int bytes, int flags) {
    int header = (Slab.byteAt(segment + 12) >>> 4) << 2;
    int data = Math.max(0, bytes - header);
    int marks = ((flags & Tcp.SYN) != 0 ? 1 : 0) + ((flags & Tcp.FIN) != 0 ? 1 : 0);
    return Slab.intAt(segment + 4) + data + marks;
  }

  private static int later(int known, int number) {
    return known == 0 || number - known > 0 ? number : known;
  }
}
