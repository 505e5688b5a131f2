package watari.core.nat;

/// Begins sessions and ends them, with all that hangs on one: its place at a port, the count of its
/// host, and whoever carries it.
final class SessionRegister {
  /// When there is no room, the table is searched for sessions that have ended, but not more often
  /// and no further than this.
  private static final long SEARCH_PAUSE_MILLIS = 1000;

  private static final int SEARCHED_MAX = 65_536;

  /// A full table is gone through in this many steps of [#age].
  private static final int SWEEP_STEPS = 64;

  private static final int SWEPT_MIN = 4096;

  /// To end a session touches far more memory than to look at one, so a step stops after so many,
  /// and thousands that end at once hold up no packet.
  private static final int ENDED_MAX = 4096;

  private final SessionTable sessions;
  private final Lifetimes lifetimes;
  private final Carriage carriage;
  private final Allocator allocator;
  private final Mappings mappings;
  private int sweepAt;
  private long searchedAt = Long.MIN_VALUE / 2;

  SessionRegister(
      SessionTable sessions, Lifetimes lifetimes, Carriage carriage, Allocator allocator) {
    this.sessions = sessions;
    this.lifetimes = lifetimes;
    this.carriage = carriage;
    this.allocator = allocator;
    mappings = allocator.mappings();
  }

  /// @param origin [SessionTable#FROM_OUTSIDE], or 0
  /// @param bornAt when it would have been used last
  int begin(
      int mapping, int slot, int remoteAddress, int remotePort, int origin, long bornAt, long now) {
    boolean isCrowding = allocator.enter(mapping, slot, remoteAddress, now);
    int protocol = mappings.protocol(mapping);
    int session =
        sessions.add(
            mappings.insideAddress(mapping),
            mappings.insidePort(mapping),
            protocol,
            remoteAddress,
            remotePort,
            allocator.of(protocol).port(slot));
    sessions.setMapping(session, mapping);
    sessions.setState(session, origin | (isCrowding ? SessionTable.CROWDING : 0));
    sessions.setStay(session, allocator.stay(mapping, slot));
    sessions.setLast(session, bornAt);
    count(mappings.host(mapping), origin, 1);
    return session;
  }

  /// A session without ports has no mapping, and its host in the place of a stay.
  int beginWithoutPorts(
      int address, int protocol, int remoteAddress, int host, int origin, long now) {
    int session = sessions.add(address, 0, protocol, remoteAddress, 0, 0);
    sessions.setMapping(session, Mappings.NONE);
    sessions.setState(session, origin);
    sessions.setStay(session, host);
    sessions.setLast(session, now);
    count(host, origin, 1);
    allocator.hosts().addMapping(host, 1);
    return session;
  }

  private void count(int host, int origin, int change) {
    if (origin == SessionTable.FROM_OUTSIDE) {
      allocator.hosts().addHeard(host, change);
    } else {
      allocator.hosts().addBegun(host, change);
    }
  }

  private void end(int session, long now) {
    carriage.end(session);
    int mapping = sessions.mapping(session);
    int state = sessions.state(session);
    int stay = sessions.stay(session);
    if (mapping == Mappings.NONE) {
      count(stay, state & SessionTable.FROM_OUTSIDE, -1);
      allocator.hosts().addMapping(stay, -1);
    } else {
      int slot = allocator.of(sessions.protocol(session)).slot(sessions.outerPort(session));
      count(mappings.host(mapping), state & SessionTable.FROM_OUTSIDE, -1);
      allocator.leave(mapping, slot, stay, (state & SessionTable.CROWDING) != 0, now);
    }
    sessions.remove(session);
  }

  /// The session itself, or none when its time was over and nobody had swept it yet.
  int live(int session, long now) {
    if (session != SessionTable.NONE && lifetimes.isOver(session, now)) {
      end(session, now);
      return SessionTable.NONE;
    }
    return session;
  }

  /// Ends sessions that are over, a part of the table at a time, so that it never stops the
  /// packets.
  void age(long now) {
    sweep(now, Math.max(SWEPT_MIN, sessions.span() / SWEEP_STEPS));
  }

  /// Looks at up to `count` sessions and ends those whose time is over, up to [#ENDED_MAX].
  void sweep(long now, int count) {
    int span = sessions.span();
    int least = sessions.size() - ENDED_MAX;
    for (int i = Math.min(count, span); i > 0 && sessions.size() > least; i--) {
      sweepAt = sweepAt + 1 < span ? sweepAt + 1 : 0;
      if (sessions.isLive(sweepAt) && lifetimes.isOver(sweepAt, now)) {
        end(sweepAt, now);
      }
    }
  }

  /// Ends sessions that are over, to find room; whether there was one.
  boolean search(long now) {
    if (now - searchedAt < SEARCH_PAUSE_MILLIS) {
      return false;
    }
    searchedAt = now;
    int before = sessions.size();
    sweep(now, SEARCHED_MAX);
    return sessions.size() < before;
  }
}
