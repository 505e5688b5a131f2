package watari.core.nat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import watari.core.wire.Protocol;

/// Which sessions a [Carrier] has: those between two ends that have both spoken, and whose next
/// packets will change nothing but their age.
///
/// ```
/// a packet comes to the translator:  recall  what the carrier knows of the connection
///                                    (the translator judges it)
///                                    settle  begin, end, or tell the carrier what is new
/// ```
///
/// Queries of DNS are not among them, where one answer is all there is, and no UDP where packets
/// from the Internet keep nothing alive: then the age of a whole mapping depends on each packet of
/// the home.
final class Carriage {
  private static final int DNS_PORT = 53;
  private static final long[] NO_FLOWS = {};

  private final SessionTable sessions;
  private @Nullable Carrier carrier;
  private boolean carriesUdp;

  /// The flow of each session, while there is a carrier.
  private long[] flows = NO_FLOWS;

  Carriage(SessionTable sessions) {
    this.sessions = sessions;
  }

  /// Takes another carrier, or none. The one before has no session any more.
  void carryBy(@Nullable Carrier next, long now) {
    endAll(now);
    carrier = next;
    flows = next == null ? NO_FLOWS : new long[sessions.capacity()];
    Arrays.fill(flows, Carrier.NONE);
  }

  /// Takes new settings. All sessions come back, and may go again by these.
  void become(NatSettings next, long now) {
    endAll(now);
    carriesUdp = next.inboundRefresh();
  }

  /// All sessions come back, with what the carrier has seen.
  void endAll(long now) {
    if (carrier != null) {
      for (int session = 0; session < sessions.span(); session++) {
        recall(session, now);
      }
      Arrays.fill(flows, Carrier.NONE);
      carrier.endAll();
    }
  }

  void tick(long now) {
    if (carrier != null && !carrier.tick(now)) {
      carryBy(null, now);
    }
  }

  /// Learns what the carrier has seen, before the translator judges a packet of the session.
  void recall(int session, long now) {
    if (carrier != null && flows[session] != Carrier.NONE) {
      refresh(session, now);
      if (isTcp(session)) {
        sessions.setAcknowledged(session, carrier.acknowledged(flows[session]));
        sessions.setNextIn(session, carrier.nextIn(flows[session]));
      }
    }
  }

  /// Gives the session to the carrier, or takes it back, as it is after the packet.
  ///
  /// @param mayBegin whether both ends have spoken, and one of them again
  void settle(int session, boolean mayBegin) {
    if (carrier != null) {
      settle(carrier, session, mayBegin);
    }
  }

  private void settle(Carrier carrier, int session, boolean mayBegin) {
    long flow = flows[session];
    if (flow == Carrier.NONE) {
      flows[session] = mayBegin && isSettled(session) ? begin(carrier, session) : Carrier.NONE;
    } else if (!isSettled(session)) {
      end(session);
    } else {
      long used = sessions.last(session);
      carrier.learn(flow, sessions.acknowledged(session), sessions.nextIn(session), used);
    }
  }

  private boolean isTcp(int session) {
    return sessions.protocol(session) == Protocol.TCP;
  }

  /// A connection has numbers to tell a reset by.
  private boolean isSettled(int session) {
    return switch (sessions.protocol(session)) {
      case Protocol.TCP ->
          TcpStates.isEstablished(sessions.state(session))
              && sessions.acknowledged(session) != 0
              && sessions.nextIn(session) != 0;
      case Protocol.UDP -> carriesUdp && sessions.remotePort(session) != DNS_PORT;
      default -> false;
    };
  }

  private long begin(Carrier carrier, int session) {
    return carrier.begin(
        sessions.protocol(session),
        sessions.insideAddress(session),
        sessions.insidePort(session),
        sessions.outerPort(session),
        sessions.remoteAddress(session),
        sessions.remotePort(session),
        sessions.acknowledged(session),
        sessions.nextIn(session),
        sessions.last(session));
  }

  /// The carrier has the session no longer.
  void end(int session) {
    if (carrier != null && flows[session] != Carrier.NONE) {
      carrier.end(flows[session]);
      flows[session] = Carrier.NONE;
    }
  }

  /// What the carrier has carried keeps the session alive, as if the translator had.
  void refresh(int session, long now) {
    if (carrier != null && flows[session] != Carrier.NONE) {
      long used = carrier.lastUse(flows[session], now);
      sessions.setLast(session, Math.max(sessions.last(session), used));
    }
  }
}
