package watari.core.nat;

import java.lang.foreign.SegmentAllocator;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// Network address and port translation between a home and its port set.
///
/// Mapping is endpoint-independent (RFC 4787 REQ-1), filtering address-dependent (RFC 7597 §10): an
/// inside endpoint has one outer port for all it speaks to, and hears from every port of every
/// address it has spoken to. Every port of every range of the set is used. No live mapping is ever
/// taken from anyone (RFC 6888 REQ-11d).
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class Napt {
  /// State bits of a TCP session.
  private static final int SYN_OUT = 1;

  private static final int SYN_IN = 2;
  private static final int FIN_OUT = 4;
  private static final int FIN_IN = 8;
  private static final int RESET = 16;

  private static final int DNS_PORT = 53;

  /// When ports run out, the whole table is searched for sessions that have ended, but not more
  /// often.
  private static final long SEARCH_PAUSE_MILLIS = 1000;

  private final int outerAddress;
  private final PortSet ports;
  private final Timers timers;
  private final SessionTable sessions;
  private final Mappings mappings;
  private int sweepAt;
  private long searchedAt = Long.MIN_VALUE / 2;
  private Drop refusal = Drop.NO_MAPPING;

  /// @param outerAddress the address that inside hosts are seen under
  /// @param ports the ports that are ours there
  /// @param sessionsMax how many sessions there may be
  /// @param memory where the table lies, 64 bytes a session
  public Napt(
      int outerAddress,
      PortSet ports,
      Timers timers,
      int sessionsMax,
      SegmentAllocator memory,
      Randomness randomness) {
    this.outerAddress = outerAddress;
    this.ports = ports;
    this.timers = timers;
    sessions = new SessionTable(memory, sessionsMax, randomness.next());
    mappings = new Mappings(ports, randomness);
  }

  public int sessions() {
    return sessions.size();
  }

  /// Ports of the set that no inside endpoint has.
  public int freePorts(int protocol) {
    return mappings.free(protocol);
  }

  public int outerAddress() {
    return outerAddress;
  }

  public PortSet ports() {
    return ports;
  }

  /// Why [#outbound] or [#inbound] said no.
  public Drop refusal() {
    return refusal;
  }

  /// Translates a packet from the home: its source becomes our address and a port of the set.
  public boolean outbound(Packet packet, long now) {
    int session = liveInside(packet, now);
    if (session == SessionTable.NONE) {
      if (packet.isError()) {
        return refuse(Drop.ERROR_WITHOUT_SESSION);
      }
      session = open(packet, now);
      if (session == SessionTable.NONE) {
        return false;
      }
    }
    if (!packet.isError()) {
      refresh(session, packet, now, SYN_OUT, FIN_OUT);
    }
    packet.rewriteSource(outerAddress, sessions.outerPort(session));
    return true;
  }

  /// Translates a packet from the line: its target becomes the inside endpoint.
  public boolean inbound(Packet packet, long now) {
    int session = liveOutside(packet, now);
    if (session == SessionTable.NONE) {
      session = packet.isError() ? unknown(packet) : openFromOutside(packet, now);
      if (session == SessionTable.NONE) {
        return false;
      }
    }
    if (!packet.isError()) {
      refresh(session, packet, now, SYN_IN, FIN_IN);
    }
    packet.rewriteTarget(sessions.insideAddress(session), sessions.insidePort(session));
    return true;
  }

  /// Whether a packet that left translated, as an error quotes it, belongs to a session that lives.
  public boolean hasSession(Packet sent, long now) {
    int remotePort = remotePort(sent, sent.targetPort());
    int session =
        sessions.findOutside(sent.sourcePort(), sent.protocol(), sent.target(), remotePort);
    return live(session, now) != SessionTable.NONE;
  }

  private boolean refuse(Drop why) {
    refusal = why;
    return false;
  }

  private int none(Drop why) {
    refusal = why;
    return SessionTable.NONE;
  }

  private int unknown(Packet packet) {
    return none(
        mappings.byPort(packet.targetPort(), packet.sessionProtocol()) == Mappings.NONE
            ? Drop.NO_MAPPING
            : Drop.ERROR_WITHOUT_SESSION);
  }

  /// An ICMP query has no remote port; an error's remote end is the quote's.
  private static int remotePort(Packet packet, int port) {
    return packet.sessionProtocol() == Protocol.ICMP ? 0 : port;
  }

  private int liveInside(Packet packet, long now) {
    int remote = packet.isError() ? packet.quoteSource() : packet.target();
    int host = packet.isError() ? packet.quoteTarget() : packet.source();
    return live(
        sessions.findInside(
            host,
            packet.sourcePort(),
            packet.sessionProtocol(),
            remote,
            remotePort(packet, packet.targetPort())),
        now);
  }

  /// An error that quotes a packet from another address than ours is about no session of ours.
  private int liveOutside(Packet packet, long now) {
    if (packet.isError() && packet.quoteSource() != outerAddress) {
      return SessionTable.NONE;
    }
    int remote = packet.isError() ? packet.quoteTarget() : packet.source();
    return live(
        sessions.findOutside(
            packet.targetPort(),
            packet.sessionProtocol(),
            remote,
            remotePort(packet, packet.sourcePort())),
        now);
  }

  /// The session itself, or none when its time was over and nobody had swept it yet.
  private int live(int session, long now) {
    if (session != SessionTable.NONE && isOver(session, now)) {
      close(session);
      return SessionTable.NONE;
    }
    return session;
  }

  private int open(Packet packet, long now) {
    if (sessions.isFull() && !search(now)) {
      return none(Drop.SESSIONS_EXHAUSTED);
    }
    int protocol = packet.protocol();
    int mapping = mappings.find(packet.source(), packet.sourcePort(), protocol);
    if (mapping == Mappings.NONE) {
      mapping = mappings.add(packet.source(), packet.sourcePort(), protocol);
    }
    if (mapping == Mappings.NONE && search(now)) {
      mapping = mappings.add(packet.source(), packet.sourcePort(), protocol);
    }
    if (mapping == Mappings.NONE) {
      return none(Drop.PORTS_EXHAUSTED);
    }
    return add(mapping, protocol, packet.target(), remotePort(packet, packet.targetPort()));
  }

  /// A packet from a new port of an address that the mapping has spoken to (RFC 4787 REQ-8).
  private int openFromOutside(Packet packet, long now) {
    int protocol = packet.protocol();
    int mapping = mappings.byPort(packet.targetPort(), protocol);
    if (mapping == Mappings.NONE || packet.isRequest()) {
      return none(Drop.NO_MAPPING);
    }
    if (!speaksTo(packet.source(), packet.targetPort(), protocol, now)) {
      return none(Drop.FILTERED);
    }
    if (isHalfFull() && (!search(now) || isHalfFull())) {
      return none(Drop.SESSIONS_EXHAUSTED);
    }
    return add(mapping, protocol, packet.source(), remotePort(packet, packet.sourcePort()));
  }

  /// Half of the table is for sessions that the home begins: a remote host may make one with each
  /// of its 65,536 ports.
  private boolean isHalfFull() {
    return sessions.size() >= sessions.capacity() / 2;
  }

  private boolean speaksTo(int remoteAddress, int outerPort, int protocol, long now) {
    int session = sessions.findPeer(outerPort, protocol, remoteAddress);
    while (session != SessionTable.NONE && isOver(session, now)) {
      session = sessions.nextPeer(session);
    }
    return session != SessionTable.NONE;
  }

  private int add(int mapping, int protocol, int remoteAddress, int remotePort) {
    int session =
        sessions.add(
            mappings.insideAddress(mapping),
            mappings.insidePort(mapping),
            protocol,
            remoteAddress,
            remotePort,
            mappings.outerPort(mapping));
    sessions.setMapping(session, mapping);
    mappings.addSession(mapping);
    return session;
  }

  private void refresh(int session, Packet packet, long now, int syn, int fin) {
    sessions.setLast(session, now);
    if (packet.protocol() == Protocol.TCP) {
      int before = sessions.state(session);
      int after = next(before, Tcp.flags(packet.transport()), syn, fin);
      if (after != before) {
        sessions.setState(session, after);
      }
    }
  }

  /// What a segment makes of the state. A segment after a reset shows that the reset was not
  /// believed (RFC 7857 §2.2); a SYN after both ends closed begins anew.
  private static int next(int state, int flags, int syn, int fin) {
    if ((flags & Tcp.RST) != 0) {
      return state | RESET;
    }
    if ((flags & Tcp.SYN) != 0) {
      boolean isAnew = (state & FIN_OUT) != 0 && (state & FIN_IN) != 0;
      return (isAnew ? 0 : state & ~RESET) | syn;
    }
    return (state & ~RESET) | ((flags & Tcp.FIN) != 0 ? fin : 0);
  }

  private boolean isOver(int session, long now) {
    return now - sessions.last(session) >= patience(session) * 1000L;
  }

  private int patience(int session) {
    return switch (sessions.protocol(session)) {
      case Protocol.TCP ->
          isEstablished(sessions.state(session))
              ? timers.tcpEstablishedSeconds()
              : timers.tcpTransitorySeconds();
      case Protocol.UDP ->
          sessions.remotePort(session) == DNS_PORT ? timers.udpDnsSeconds() : timers.udpSeconds();
      default -> timers.icmpSeconds();
    };
  }

  private static boolean isEstablished(int state) {
    boolean isOpen = (state & SYN_OUT) != 0 && (state & SYN_IN) != 0;
    boolean isClosed = (state & FIN_OUT) != 0 && (state & FIN_IN) != 0;
    return isOpen && !isClosed && (state & RESET) == 0;
  }

  private void close(int session) {
    mappings.removeSession(sessions.mapping(session));
    sessions.remove(session);
  }

  /// Looks at up to `count` sessions and ends those whose time is over. Called often with a small
  /// count, it goes round the table without ever stopping the packets.
  public void sweep(long now, int count) {
    int span = sessions.span();
    for (int i = Math.min(count, span); i > 0; i--) {
      sweepAt = sweepAt + 1 < span ? sweepAt + 1 : 0;
      if (sessions.isLive(sweepAt) && isOver(sweepAt, now)) {
        close(sweepAt);
      }
    }
  }

  /// Ends all sessions that are over, to find room; whether there was one.
  private boolean search(long now) {
    if (now - searchedAt < SEARCH_PAUSE_MILLIS) {
      return false;
    }
    searchedAt = now;
    int before = sessions.size();
    sweep(now, sessions.span());
    return sessions.size() < before;
  }
}
