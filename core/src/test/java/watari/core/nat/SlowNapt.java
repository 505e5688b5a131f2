package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Holding.Claim;
import watari.core.nat.SlowTcp.Segment;
import watari.core.net.Ipv4Address;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// Translation written to be read, from decision 8 and the requirement rows: every question is
/// answered by a walk over all sessions and all inside endpoints.
///
/// Where the product chooses at random, nothing is chosen here: what it chose is checked.
final class SlowNapt {
  record Endpoint(int address, int port) {}

  /// Who at home, in which protocol.
  record Inside(int protocol, Endpoint endpoint) {}

  /// An outer port's session with a remote endpoint; of ICMP the remote port is 0.
  record SessionKey(int protocol, int outerPort, Endpoint remote) {}

  /// A packet with ports or without, and what TCP says of it.
  record Sent(int protocol, Endpoint from, Endpoint to, Segment segment, boolean isRequest) {
    boolean isTcp() {
      return protocol == Protocol.TCP;
    }

    boolean hasPorts() {
      return protocol == Protocol.TCP || protocol == Protocol.UDP || protocol == Protocol.ICMP;
    }
  }

  /// The time that an inside endpoint has one outer port as its own or, as a guest, as the first to
  /// be tried.
  static final class Stay {
    final int port;
    boolean isOwner;
    boolean isPrivate;
    @Nullable Integer spokenFirst;
    @Nullable Integer heardFirst;

    Stay(int port) {
      this.port = port;
    }
  }

  /// An inside endpoint that has sessions or a reservation.
  static final class Mapping {
    final Inside inside;
    @Nullable Stay stay;
    @Nullable Claim claim;
    @Nullable Long spokenAt;
    List<RemoteFilter> filters = List.of();

    Mapping(Inside inside) {
      this.inside = inside;
    }

    boolean owns(int port) {
      return stay != null && stay.isOwner && stay.port == port;
    }
  }

  static final class Session {
    final SessionKey key;
    final Endpoint inside;
    final boolean isFromOutside;
    final SlowTcp tcp = new SlowTcp();

    /// The stay of its endpoint that it belongs to, if it has the port of that.
    final @Nullable Stay stay;

    long last;
    boolean isHeard;

    Session(SessionKey key, Endpoint inside, boolean isFromOutside, @Nullable Stay stay, long now) {
      this.key = key;
      this.inside = inside;
      this.isFromOutside = isFromOutside;
      this.stay = stay;
      last = now;
    }
  }

  /// A packet that is refused.
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    final Drop why;

    Refusal(Drop why) {
      super(why.name(), null, false, false);
      this.why = why;
    }
  }

  final Map<SessionKey, Session> sessions = new HashMap<>();
  final Map<Inside, Mapping> mappings = new HashMap<>();
  final SlowPorts ports;
  final SlowReservations reservations = new SlowReservations(this);
  private final Map<Integer, Tokens> tokens = new HashMap<>();
  NatSettings settings;
  private @Nullable Long searched;
  private @Nullable Long started;

  private record Tokens(long thousandths, long since) {}

  SlowNapt(PortSet set, NatSettings settings) {
    this.settings = settings;
    ports = new SlowPorts(this, set);
    forward(List.of(), 0);
  }

  void become(NatSettings next, long now) {
    List<Forward> before = settings.forwards();
    settings = next;
    forward(before, now);
  }

  private void forward(List<Forward> before, long now) {
    for (Forward forward : before) {
      if (!settings.forwards().contains(forward)) {
        reservations.release(forward.protocol(), forward.outerPort(), now);
      }
    }
    for (Forward forward : settings.forwards()) {
      reservations.reserve(
          new Wish(
              forward.protocol(),
              forward.inside().bits(),
              forward.insidePort(),
              Claim.FORWARD,
              forward.outerPort(),
              true),
          0,
          now);
    }
  }

  // ---- packets -------------------------------------------------------------------------------

  /// A packet from the home; its session, or a [Refusal].
  ///
  /// @param chosen the port that the product gave, or -1
  Session outbound(Sent packet, int chosen, long now) {
    Session session = ofInside(packet.protocol(), packet.from(), packet.to(), now);
    if (session == null) {
      session = open(packet, chosen, now);
    }
    if (!packet.isTcp() || session.tcp.out(packet.segment())) {
      session.last = now;
      Mapping mapping = mappings.get(new Inside(packet.protocol(), packet.from()));
      if (mapping != null && !settings.inboundRefresh()) {
        mapping.spokenAt = now;
      }
    }
    return session;
  }

  /// A packet from the line.
  ///
  /// @param isOfHome whether the home itself sent it, by way of its outer address
  Session inbound(Sent packet, boolean isOfHome, long now) {
    Session session = ofOutside(key(packet.protocol(), packet.to().port(), packet.from()), now);
    if (session == null) {
      session = openFromOutside(packet, isOfHome, now);
    }
    boolean isAlive = packet.isTcp() ? session.tcp.in(packet.segment()) : settings.inboundRefresh();
    if (isAlive) {
      session.last = now;
    }
    hear(session);
    return session;
  }

  /// A packet from the home for one of its own outer ports: once out and once in.
  ///
  /// @return the two sessions
  List<Session> hairpin(Sent packet, int outerAddress, int chosen, long now) {
    int port = packet.to().port();
    if (settings.dmz().isEmpty() && ports.isUnused(packet.protocol(), port)) {
      throw new Refusal(Drop.NO_MAPPING);
    }
    Session out = outbound(packet, chosen, now);
    var from = new Endpoint(outerAddress, out.key.outerPort());
    Sent turned =
        new Sent(packet.protocol(), from, packet.to(), packet.segment(), packet.isRequest());
    return List.of(out, inbound(turned, true, now));
  }

  /// An error from the home about a packet of a session.
  Session errorFromHome(int protocol, Endpoint inside, Endpoint remote, long now) {
    Session session = ofInside(protocol, inside, remote, now);
    if (session == null) {
      throw new Refusal(Drop.ERROR_WITHOUT_SESSION);
    }
    return session;
  }

  /// An error from the line about a packet of a session.
  Session errorFromLine(SessionKey key, long now) {
    Session session = ofOutside(key, now);
    if (session == null) {
      throw new Refusal(
          ports.isUnused(key.protocol(), key.outerPort())
              ? Drop.NO_MAPPING
              : Drop.ERROR_WITHOUT_SESSION);
    }
    return session;
  }

  private static SessionKey key(int protocol, int outerPort, Endpoint remote) {
    boolean hasPort = protocol == Protocol.TCP || protocol == Protocol.UDP;
    return new SessionKey(
        protocol, outerPort, hasPort ? remote : new Endpoint(remote.address(), 0));
  }

  private @Nullable Session ofInside(int protocol, Endpoint inside, Endpoint remote, long now) {
    for (Session session : sessions.values()) {
      boolean isOne = session.key.protocol() == protocol && session.inside.equals(inside);
      if (isOne && session.key.remote().equals(key(protocol, 0, remote).remote())) {
        return living(session, now);
      }
    }
    return null;
  }

  private @Nullable Session ofOutside(SessionKey key, long now) {
    Session session = sessions.get(key);
    return session == null ? null : living(session, now);
  }

  /// One that is found and over goes.
  private @Nullable Session living(Session session, long now) {
    if (isOver(session, now)) {
      end(session, now);
      return null;
    }
    return session;
  }

  boolean isOver(Session session, long now) {
    return now - session.last >= 1000L * patience(session);
  }

  int patience(Session session) {
    Timers timers = settings.timers();
    return switch (session.key.protocol()) {
      case Protocol.TCP -> session.tcp.seconds(timers);
      case Protocol.ICMP -> timers.icmpSeconds();
      default -> session.key.remote().port() == 53 ? timers.udpDnsSeconds() : timers.udpSeconds();
    };
  }

  // ---- sessions that begin -------------------------------------------------------------------

  private Session open(Sent packet, int chosen, long now) {
    if (packet.hasPorts()) {
      checkBeginning(packet, now);
    } else {
      checkAlone(packet, now);
    }
    int host = packet.from().address();
    Drop lack = lackOfRoom(host);
    if (lack != null && searches(now)) {
      lack = lackOfRoom(host);
    }
    if (lack != null) {
      throw new Refusal(lack);
    }
    takeToken(host, now);
    if (!packet.hasPorts()) {
      var key = new SessionKey(packet.protocol(), 0, new Endpoint(packet.to().address(), 0));
      return add(new Session(key, new Endpoint(host, 0), false, null, now));
    }
    return openWithPort(packet, chosen, now);
  }

  private void checkBeginning(Sent packet, long now) {
    started = started == null ? Long.valueOf(now) : started;
    Segment segment = packet.segment();
    boolean picksUp =
        switch (settings.pickup()) {
          case NEVER -> false;
          case AFTER_START -> now - started < 120_000;
          case ALWAYS -> true;
        };
    if (packet.isTcp() && !segment.begins() && (!picksUp || segment.has(Tcp.RST))) {
      throw new Refusal(Drop.TCP_WITHOUT_SESSION);
    }
  }

  private void checkAlone(Sent packet, long now) {
    if (ofOutside(key(packet.protocol(), 0, packet.to()), now) != null) {
      throw new Refusal(Drop.PROTOCOL_TAKEN);
    }
  }

  private @Nullable Drop lackOfRoom(int host) {
    if (sessions.size() >= settings.sessionsMax()) {
      return Drop.SESSIONS_EXHAUSTED;
    }
    return countOf(host, false) >= settings.hosts().sessionsMax()
        ? Drop.HOST_SESSIONS_EXHAUSTED
        : null;
  }

  int countOf(int host, boolean isFromOutside) {
    int count = 0;
    for (Session session : sessions.values()) {
      boolean isHosts = session.inside.address() == host;
      count += isHosts && session.isFromOutside == isFromOutside ? 1 : 0;
    }
    return count;
  }

  /// A bucket that holds two seconds' worth of sessions.
  private void takeToken(int host, long now) {
    long rate = settings.hosts().sessionsPerSecond();
    Tokens before = tokens.getOrDefault(host, new Tokens(2000 * rate, now));
    long filled = Math.min(2000 * rate, before.thousandths() + (now - before.since()) * rate);
    tokens.put(host, new Tokens(filled < 1000 ? filled : filled - 1000, now));
    if (filled < 1000) {
      throw new Refusal(Drop.HOST_TOO_FAST);
    }
  }

  private Session openWithPort(Sent packet, int chosen, long now) {
    var inside = new Inside(packet.protocol(), packet.from());
    int port;
    try {
      port = ports.portFor(inside, packet.to(), chosen);
    } catch (Refusal refusal) {
      if (!searches(now)) {
        throw refusal;
      }
      port = ports.portFor(inside, packet.to(), chosen);
    }
    return begin(mapping(inside), port, packet.to(), false, now);
  }

  Mapping mapping(Inside inside) {
    return mappings.computeIfAbsent(inside, Mapping::new);
  }

  private Session begin(Mapping mapping, int port, Endpoint remote, boolean outside, long now) {
    ports.leaveRest(mapping.inside.protocol(), port);
    if (mapping.stay == null) {
      mapping.stay = new Stay(port);
    }
    Stay stay = mapping.stay;
    if (stay.spokenFirst == null) {
      stay.spokenFirst = remote.address();
    } else if (stay.isOwner && stay.spokenFirst != remote.address()) {
      stay.isPrivate = true;
    }
    return add(
        new Session(
            key(mapping.inside.protocol(), port, remote),
            mapping.inside.endpoint(),
            outside,
            stay.port == port ? stay : null,
            now));
  }

  private Session add(Session session) {
    var inside = new Inside(session.key.protocol(), session.inside);
    assertThat(speaksTo(inside, session.key.remote())).as("which port to leave from").isFalse();
    assertThat(sessions.put(session.key, session)).as("who a return is for is clear").isNull();
    return session;
  }

  private Session openFromOutside(Sent packet, boolean isOfHome, long now) {
    Inside receiver = receiver(packet, isOfHome, now);
    if (isHalfFull() && searches(now)) {
      receiver = receiver(packet, isOfHome, now);
    }
    if (isHalfFull()) {
      throw new Refusal(Drop.SESSIONS_EXHAUSTED);
    }
    int host = receiver.endpoint().address();
    if (countOf(host, true) >= settings.hosts().sessionsMax()) {
      throw new Refusal(Drop.HOST_SESSIONS_EXHAUSTED);
    }
    if (!packet.hasPorts()) {
      var key = key(packet.protocol(), 0, packet.from());
      return add(new Session(key, receiver.endpoint(), true, null, now));
    }
    int port = packet.to().port();
    if (speaksTo(receiver, key(packet.protocol(), port, packet.from()).remote())) {
      throw new Refusal(Drop.FILTERED);
    }
    Mapping mapping = mapping(receiver);
    if (mapping.stay == null && ports.isUnused(packet.protocol(), port)) {
      mapping.stay = new Stay(port);
      mapping.stay.isOwner = true;
    }
    Long spokenAt = mapping.spokenAt;
    boolean isAged = !settings.inboundRefresh() && !packet.isTcp() && mapping.claim == null;
    long born = isAged && spokenAt != null ? spokenAt : now;
    return begin(mapping, port, packet.from(), true, born);
  }

  /// Whether an endpoint has a session with exactly this remote end already, by another port.
  private boolean speaksTo(Inside inside, Endpoint remote) {
    return sessions.values().stream()
        .anyMatch(session ->
            session.key.protocol() == inside.protocol()
                && session.inside.equals(inside.endpoint())
                && session.key.remote().equals(remote));
  }

  private boolean isHalfFull() {
    return sessions.size() >= settings.sessionsMax() / 2;
  }

  /// Rule 5: who gets a packet that belongs to no session.
  private Inside receiver(Sent packet, boolean isOfHome, long now) {
    int protocol = packet.protocol();
    int port = packet.to().port();
    boolean isUnused = !packet.hasPorts() || ports.isUnused(protocol, port);
    if (packet.isTcp() && !packet.segment().begins()) {
      throw new Refusal(isUnused ? Drop.NO_MAPPING : Drop.FILTERED);
    }
    if (isUnused) {
      return demilitarised(packet);
    }
    Mapping owner = ports.owner(protocol, port);
    if (owner != null && owner.claim != null) {
      boolean isFiltered = !owner.filters.isEmpty() && !isOfHome;
      if (isFiltered
          && owner.filters.stream()
              .noneMatch(filter -> filter.permits(packet.from().address(), packet.from().port()))) {
        throw new Refusal(Drop.FILTERED);
      }
      return owner.inside;
    }
    if (packet.protocol() == Protocol.ICMP && packet.isRequest()) {
      throw new Refusal(Drop.NO_MAPPING);
    }
    Set<Endpoint> speakers = speakers(protocol, port, packet.from().address(), now);
    if (speakers.size() == 1) {
      return new Inside(protocol, speakers.iterator().next());
    }
    boolean isOpen = isOfHome || filtering(protocol) == Filtering.ENDPOINT_INDEPENDENT;
    if (speakers.isEmpty() && isOpen && owner != null) {
      return owner.inside;
    }
    throw new Refusal(Drop.FILTERED);
  }

  /// An endpoint has one outer port, so the host gets nothing under a second one; and the Internet
  /// cannot make it have more ports than its share.
  private Inside demilitarised(Sent packet) {
    Optional<Ipv4Address> host = settings.dmz();
    if (host.isEmpty() || (packet.hasPorts() && !ports.contains(packet.to().port()))) {
      throw new Refusal(Drop.NO_MAPPING);
    }
    int port = packet.hasPorts() ? packet.to().port() : 0;
    var inside = new Inside(packet.protocol(), new Endpoint(host.get().bits(), port));
    Mapping mapping = mappings.get(inside);
    if (mapping != null && mapping.stay != null) {
      throw new Refusal(Drop.NO_MAPPING);
    }
    if (packet.hasPorts() && !ports.hasShare(host.get().bits(), packet.protocol())) {
      throw new Refusal(Drop.NO_MAPPING);
    }
    return inside;
  }

  private Set<Endpoint> speakers(int protocol, int port, int address, long now) {
    Set<Endpoint> speakers = new HashSet<>();
    for (Session session : sessions.values()) {
      boolean isHere = session.key.protocol() == protocol && session.key.outerPort() == port;
      if (isHere && session.key.remote().address() == address && !isOver(session, now)) {
        speakers.add(session.inside);
      }
    }
    return speakers;
  }

  Filtering filtering(int protocol) {
    return protocol == Protocol.TCP ? settings.tcpFiltering() : settings.udpFiltering();
  }

  /// Rule 4.
  private void hear(Session session) {
    Mapping mapping = mappings.get(new Inside(session.key.protocol(), session.inside));
    boolean isFirst = !session.isHeard;
    session.isHeard = true;
    if (!isFirst || mapping == null || mapping.stay == null) {
      return;
    }
    Stay stay = mapping.stay;
    int remote = session.key.remote().address();
    if (stay.heardFirst == null) {
      stay.heardFirst = remote;
    } else if (stay.heardFirst != remote) {
      stay.isPrivate = true;
      stay.isOwner |= ports.owner(session.key.protocol(), stay.port) == null;
    }
  }

  // ---- sessions that end ---------------------------------------------------------------------

  /// Lets time pass.
  void tick(long now) {
    sweep(now);
    ports.age(now);
  }

  private void sweep(long now) {
    List<Session> over = sessions.values().stream().filter(one -> isOver(one, now)).toList();
    ports.atOnce(() -> over.forEach(session -> end(session, now)));
  }

  /// Looks for sessions that are over, once a second; whether there were any.
  private boolean searches(long now) {
    if (searched != null && now - searched < 1000) {
      return false;
    }
    searched = now;
    int before = sessions.size();
    sweep(now);
    return sessions.size() < before;
  }

  private void end(Session session, long now) {
    sessions.remove(session.key);
    int protocol = session.key.protocol();
    Mapping mapping = mappings.get(new Inside(protocol, session.inside));
    if (mapping == null) {
      return;
    }
    if (mapping.stay != null && !mapping.stay.isOwner && !hasSessionsOf(mapping.stay)) {
      mapping.stay = null;
    }
    endIfUnused(mapping, now);
    ports.restIfUnused(protocol, session.key.outerPort(), now);
  }

  private boolean hasSessionsOf(Stay stay) {
    return sessions.values().stream().anyMatch(session -> session.stay == stay);
  }

  void endIfUnused(Mapping mapping, long now) {
    boolean hasSessions =
        sessions.values().stream()
            .anyMatch(session ->
                session.key.protocol() == mapping.inside.protocol()
                    && session.inside.equals(mapping.inside.endpoint()));
    if (!hasSessions && mapping.claim == null) {
      mappings.remove(mapping.inside);
      if (mapping.stay != null) {
        ports.restIfUnused(mapping.inside.protocol(), mapping.stay.port, now);
      }
    }
  }
}
