package watari.core.nat;

import java.lang.foreign.SegmentAllocator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import watari.core.event.EventLog;
import watari.core.nat.Holding.Claim;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// Network address and port translation between a home and its port set.
///
/// Who gets which outer port is the [Allocator]'s. What comes back is judged here: a session hears
/// from its remote endpoint; besides, an inside endpoint hears from every port of every address it
/// has spoken to (RFC 7597 §10), or from everybody where that is wished or a port is reserved. No
/// live session is ever taken from anyone (RFC 6888 REQ-11d).
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class Napt implements Reservations {
  private static final long PICKUP_MILLIS = 120_000;

  private final int outerAddress;
  private final PortSet ports;
  private final SessionTable sessions;
  private final Carriage carriage;
  private final Lifetimes lifetimes;
  private final TcpStates tcp;
  private final Allocator allocator;
  private final Mappings mappings;
  private final Reserved reserved;
  private final Admission admission;
  private final SessionRegister register;
  private final Shortages shortages;
  private NatSettings settings;
  private long startedAt = Long.MIN_VALUE;
  private Drop refusal = Drop.NO_MAPPING;

  /// @param outerAddress the address that inside hosts are seen under
  /// @param ports the ports that are ours there
  /// @param memory where the tables lie: 64 bytes a session and 48 an inside endpoint
  /// @param events where it says that something ran out
  public Napt(
      int outerAddress,
      PortSet ports,
      NatSettings settings,
      SegmentAllocator memory,
      Randomness randomness,
      EventLog events) {
    this.outerAddress = outerAddress;
    this.ports = ports;
    this.settings = settings;
    shortages = new Shortages(events);
    sessions = new SessionTable(memory, settings.sessionsMax(), randomness.next());
    carriage = new Carriage(sessions);
    lifetimes = new Lifetimes(sessions, carriage, settings.timers());
    tcp = new TcpStates(sessions);
    allocator = new Allocator(ports, settings, sessions, memory, randomness);
    mappings = allocator.mappings();
    reserved = new Reserved(allocator, lifetimes);
    admission = new Admission(sessions, lifetimes, allocator, reserved);
    register = new SessionRegister(sessions, lifetimes, carriage, allocator);
    apply(settings, List.of(), 0);
  }

  /// Takes new settings; sessions live on. The size of the table stays.
  ///
  /// @throws Refused when a forward is outside the set; nothing has changed then
  public void become(NatSettings next, long now) {
    List<Forward> before = settings.forwards();
    checkForwards(ports, next.forwards());
    settings = next;
    lifetimes.become(next.timers());
    allocator.become(next);
    apply(next, before, now);
  }

  private void apply(NatSettings next, List<Forward> before, long now) {
    checkForwards(ports, next.forwards());
    carriage.become(next, now);
    admission.setDmz(next.dmz().map(Ipv4Address::bits).orElse(0));
    Set<Forward> kept = new HashSet<>(next.forwards());
    for (Forward forward : before) {
      if (!kept.contains(forward)) {
        reserved.release(forward.protocol(), forward.outerPort(), now);
      }
    }
    for (Forward forward : next.forwards()) {
      reserved.reserve(
          new Wish(
              forward.protocol(),
              forward.inside().bits(),
              forward.insidePort(),
              Claim.FORWARD,
              forward.outerPort(),
              true),
          now);
    }
  }

  private static void checkForwards(PortSet ports, List<Forward> forwards) {
    for (Forward forward : forwards) {
      if (!ports.contains(forward.outerPort())) {
        throw new Refused(
            "port "
                + forward.outerPort()
                + " cannot be forwarded, it is not one of ours: "
                + ports);
      }
    }
  }

  public int sessions() {
    return sessions.size();
  }

  /// Ports of the set that a flow could get now; those that rest are not among them.
  public int freePorts(int protocol) {
    return allocator.of(protocol).free();
  }

  /// Ports that rest after somebody had them.
  public int heldPorts(int protocol) {
    return allocator.of(protocol).held();
  }

  /// Ports that several inside endpoints share and none owns.
  public int sharedPorts(int protocol) {
    return allocator.of(protocol).shared();
  }

  /// How many sessions and ports of its own each host at home has now, in no order.
  public List<HostUse> hosts() {
    return allocator.hosts().uses();
  }

  @Override
  public int outerAddress() {
    return outerAddress;
  }

  @Override
  public PortSet ports() {
    return ports;
  }

  public NatSettings settings() {
    return settings;
  }

  /// Why [#outbound], [#inbound] or [#hairpin] said no.
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
      say(session, packet, now);
    }
    packet.rewriteSource(outerAddress, sessions.outerPort(session));
    return true;
  }

  private void say(int session, Packet packet, long now) {
    carriage.recall(session, now);
    if (isAliveByOut(session, packet)) {
      sessions.setLast(session, now);
      speak(sessions.mapping(session), now);
    }
    carriage.settle(session, (sessions.state(session) & SessionTable.HEARD) != 0);
  }

  /// Where only the home keeps sessions alive, those that begin outside live no longer than what
  /// the home said last: else a remote could keep a mapping by changing its port.
  private void speak(int mapping, long now) {
    if (!settings.inboundRefresh() && mapping != Mappings.NONE) {
      mappings.setSpokenAt(mapping, now);
    }
  }

  private boolean isAliveByOut(int session, Packet packet) {
    return packet.protocol() != Protocol.TCP
        || tcp.out(session, packet.transport(), packet.transportLength());
  }

  /// Translates a packet from the line: its target becomes the inside endpoint.
  public boolean inbound(Packet packet, long now) {
    return inbound(packet, false, now);
  }

  /// Turns a packet of the home round that is for our own address and a port of ours: it leaves and
  /// comes in again (RFC 4787 REQ-9). Who is at home may speak to whom they like, so no filter asks
  /// whether they have met.
  public boolean hairpin(Packet packet, long now) {
    if (!packet.isError() && !admission.isSomebodys(packet.targetPort(), packet.protocol())) {
      return refuse(Drop.NO_MAPPING);
    }
    return outbound(packet, now) && inbound(packet, true, now);
  }

  private boolean inbound(Packet packet, boolean isOfHome, long now) {
    int session = liveOutside(packet, now);
    if (session == SessionTable.NONE) {
      session = packet.isError() ? unknown(packet) : openFromOutside(packet, isOfHome, now);
      if (session == SessionTable.NONE) {
        return false;
      }
    }
    if (!packet.isError()) {
      hear(session, packet, now);
    }
    packet.rewriteTarget(sessions.insideAddress(session), sessions.insidePort(session));
    return true;
  }

  private void hear(int session, Packet packet, long now) {
    carriage.recall(session, now);
    boolean isTcp = packet.protocol() == Protocol.TCP;
    if (isTcp
        ? tcp.in(session, packet.transport(), packet.transportLength())
        : settings.inboundRefresh()) {
      sessions.setLast(session, now);
    }
    int state = sessions.state(session);
    if ((state & SessionTable.HEARD) == 0) {
      sessions.setState(session, state | SessionTable.HEARD);
      allocator.hear(sessions.mapping(session), sessions.remoteAddress(session), now);
    }
    // the home has spoken where it began the session
    boolean isAnswer =
        (state & SessionTable.HEARD) != 0 && (state & SessionTable.FROM_OUTSIDE) == 0;
    carriage.settle(session, isAnswer);
  }

  /// Whether a packet that left translated, as an error quotes it, belongs to a session that lives.
  public boolean hasSession(Packet sent, long now) {
    return hasSession(
        sent.protocol(),
        sent.sourcePort(),
        sent.target(),
        remotePort(sent, sent.targetPort()),
        now);
  }

  /// Whether a session lives between an outer port and a remote endpoint.
  public boolean hasSession(
      int protocol, int outerPort, int remoteAddress, int remotePort, long now) {
    int session = sessions.findOutside(outerPort, protocol, remoteAddress, remotePort);
    return register.live(session, now) != SessionTable.NONE;
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
        !packet.hasPorts() || admission.isUnused(packet.targetPort(), packet.sessionProtocol())
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
    return register.live(
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
    return register.live(
        sessions.findOutside(
            packet.targetPort(),
            packet.sessionProtocol(),
            remote,
            remotePort(packet, packet.sourcePort())),
        now);
  }

  private int open(Packet packet, long now) {
    if (packet.hasPorts() && !mayBegin(packet, now)) {
      return none(Drop.TCP_WITHOUT_SESSION);
    }
    if (!packet.hasPorts() && isTaken(packet.protocol(), packet.target(), now)) {
      return none(Drop.PROTOCOL_TAKEN);
    }
    int host = allocator.hosts().of(packet.source(), settings.hosts(), now);
    boolean mayBegin = isRoom(host) || (register.search(now) && isRoom(host));
    int session = mayBegin && isInPace(host, now) ? begin(packet, host, now) : SessionTable.NONE;
    if (session == SessionTable.NONE) {
      shortages.say(refusal, packet.source(), packet.protocol(), now);
    }
    return session;
  }

  /// A TCP session begins with a SYN; and, where it is wished, in the middle (RFC 5382 REQ-5 leaves
  /// open what follows a restart).
  private boolean mayBegin(Packet packet, long now) {
    if (startedAt == Long.MIN_VALUE) {
      startedAt = now;
    }
    if (packet.protocol() != Protocol.TCP) {
      return true;
    }
    int flags = Tcp.flags(packet.transport());
    boolean picksUp =
        switch (settings.pickup()) {
          case NEVER -> false;
          case AFTER_START -> now - startedAt < PICKUP_MILLIS;
          case ALWAYS -> true;
        };
    return TcpStates.begins(flags) || (picksUp && (flags & Tcp.RST) == 0);
  }

  private boolean isRoom(int host) {
    if (sessions.isFull()) {
      return refuse(Drop.SESSIONS_EXHAUSTED);
    }
    return allocator.hosts().begun(host) < settings.hosts().sessionsMax()
        || refuse(Drop.HOST_SESSIONS_EXHAUSTED);
  }

  private boolean isInPace(int host, long now) {
    return allocator.hosts().mayBegin(host, settings.hosts(), now) || refuse(Drop.HOST_TOO_FAST);
  }

  private int begin(Packet packet, int host, long now) {
    if (!packet.hasPorts()) {
      return register.beginWithoutPorts(
          packet.source(), packet.protocol(), packet.target(), host, 0, now);
    }
    int session = beginFromPort(packet, now);
    return session == SessionTable.NONE && register.search(now)
        ? beginFromPort(packet, now)
        : session;
  }

  private int beginFromPort(Packet packet, long now) {
    int protocol = packet.protocol();
    int mapping = allocator.mapping(packet.source(), packet.sourcePort(), protocol, now);
    if (mapping == Mappings.NONE) {
      return none(Drop.SESSIONS_EXHAUSTED);
    }
    int remotePort = remotePort(packet, packet.targetPort());
    int slot = allocator.portFor(mapping, packet.target(), remotePort, now);
    if (slot == OuterPorts.NONE) {
      allocator.endIfUnused(mapping, now);
      return none(allocator.refusal());
    }
    return add(mapping, slot, packet.target(), remotePort, 0, now);
  }

  private int openFromOutside(Packet packet, boolean isOfHome, long now) {
    int receiver = admission.receiver(packet, isOfHome, now);
    if (receiver != Mappings.NONE && isHalfFull() && register.search(now)) {
      receiver = admission.receiver(packet, isOfHome, now);
    }
    if (receiver == Mappings.NONE) {
      return none(admission.refusal());
    }
    int host =
        receiver == Admission.DEMILITARISED
            ? allocator.hosts().of(admission.dmz(), settings.hosts(), now)
            : mappings.host(receiver);
    return mayHear(host) ? beginFromOutside(packet, receiver, host, now) : SessionTable.NONE;
  }

  private int beginFromOutside(Packet packet, int receiver, int host, long now) {
    int origin = SessionTable.FROM_OUTSIDE;
    if (!packet.hasPorts()) {
      return register.beginWithoutPorts(
          admission.dmz(), packet.protocol(), packet.source(), host, origin, now);
    }
    int slot = allocator.of(packet.protocol()).slot(packet.targetPort());
    if (receiver != Admission.DEMILITARISED && hasSessionBy(receiver, packet)) {
      return none(Drop.FILTERED);
    }
    int mapping =
        receiver == Admission.DEMILITARISED
            ? allocator.claim(admission.dmz(), packet.targetPort(), packet.protocol(), slot, now)
            : receiver;
    return mapping == Mappings.NONE
        ? none(Drop.SESSIONS_EXHAUSTED)
        : add(mapping, slot, packet.source(), remotePort(packet, packet.sourcePort()), origin, now);
  }

  /// Whether the endpoint speaks to exactly this remote end already, by another of our ports: what
  /// it sends there would not know which of the two to leave from.
  private boolean hasSessionBy(int mapping, Packet packet) {
    int session =
        sessions.findInside(
            mappings.insideAddress(mapping),
            mappings.insidePort(mapping),
            packet.protocol(),
            packet.source(),
            remotePort(packet, packet.sourcePort()));
    return session != SessionTable.NONE;
  }

  private boolean mayHear(int host) {
    if (isHalfFull()) {
      return refuse(Drop.SESSIONS_EXHAUSTED);
    }
    return allocator.hosts().heard(host) < settings.hosts().sessionsMax()
        || refuse(Drop.HOST_SESSIONS_EXHAUSTED);
  }

  /// Half of the table is for sessions that the home begins: a remote host may make one with each
  /// of its 65,536 ports.
  private boolean isHalfFull() {
    return sessions.size() >= sessions.capacity() / 2;
  }

  /// @param origin [SessionTable#FROM_OUTSIDE], or 0
  private int add(int mapping, int slot, int remoteAddress, int remotePort, int origin, long now) {
    long bornAt = bornAt(mapping, origin, now);
    return register.begin(mapping, slot, remoteAddress, remotePort, origin, bornAt, now);
  }

  /// Who never spoke, such as the demilitarised host, is open to all whatever its sessions' age.
  private long bornAt(int mapping, int origin, long now) {
    boolean isAged =
        origin == SessionTable.FROM_OUTSIDE
            && !settings.inboundRefresh()
            && mappings.protocol(mapping) != Protocol.TCP
            && !mappings.is(mapping, Mappings.RESERVED)
            && mappings.spokenAt(mapping) != 0;
    return isAged ? mappings.spokenAt(mapping) : now;
  }

  /// A protocol without ports crosses where the whole address is ours: one host at home with each
  /// remote address.
  private boolean isTaken(int protocol, int remoteAddress, long now) {
    int other = sessions.findOutside(0, protocol, remoteAddress, 0);
    return register.live(other, now) != SessionTable.NONE;
  }

  /// Lets somebody else carry the packets of sessions that are settled, from now on, instead of
  /// whoever did before.
  public void carryBy(Carrier carrier, long now) {
    carriage.carryBy(carrier, now);
  }

  /// All sessions come back from whoever carries them, for good.
  public void carryAlone(long now) {
    carriage.carryBy(null, now);
  }

  /// Lets time pass: ends sessions that are over, a part of the table at a time.
  public void tick(long now) {
    carriage.tick(now);
    register.age(now);
    allocator.age(now);
  }

  /// Looks at up to `count` sessions and ends those whose time is over.
  void sweep(long now, int count) {
    register.sweep(now, count);
  }

  @Override
  public Grant reserve(Wish wish, long now) {
    return reserved.reserve(wish, now);
  }

  @Override
  public boolean release(int protocol, int outerPort, long now) {
    return reserved.release(protocol, outerPort, now);
  }

  @Override
  public void filter(int protocol, int outerPort, List<RemoteFilter> filters) {
    reserved.filter(protocol, outerPort, filters);
  }

  @Override
  public Optional<Holding> ofEndpoint(int protocol, int address, int port, long now) {
    return reserved.ofEndpoint(protocol, address, port, now);
  }

  @Override
  public Optional<Holding> ofPort(int protocol, int outerPort, long now) {
    return reserved.ofPort(protocol, outerPort, now);
  }

  @Override
  public boolean isFree(int protocol, int outerPort) {
    return reserved.isFree(protocol, outerPort);
  }
}
