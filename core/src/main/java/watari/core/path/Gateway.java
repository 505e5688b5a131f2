package watari.core.path;

import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.core.net.Refused;
import watari.core.rule.Identity;
import watari.core.rule.PortSet;
import watari.core.rule.RuleTable;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Icmp;
import watari.core.wire.Ipv4;
import watari.core.wire.Outer;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// The home's end of MAP-E (RFC 7597 §4 and §8): translates into the port set and tunnels.
///
/// ```
/// home -> outbound: pull, reassemble, fit, translate, guard, enter the tunnel        -> line
/// home <- inbound:  pull, reassemble, who sent it, decapsulate, whose it is, translate <- line
/// ```
///
/// One thread owns it. Packets lie in the [watari.core.wire.Slab] with 64 bytes of room before
/// them.
public final class Gateway implements AutoCloseable {
  /// That a protocol cannot cross is said once in this time: a packet must not allocate.
  private static final long EVENT_PAUSE_MILLIS = 10_000;

  /// Whose memory the relay's outer fragments take until the first one says who sent the packet in
  /// it; no IPv4 address.
  private static final long SENDER_UNKNOWN = 1L << 32;

  private final Identity identity;
  private final long mapHigh;
  private final long mapLow;
  private final boolean lowersTimeToLive;
  private final FarEnds farEnds;
  private final Addresses addresses;
  private final Outbox home;
  private final Outbox line;
  private final Napt napt;
  private final Tunnel tunnel;
  private final Answers answers;
  private final TunnelErrors tunnelErrors;
  private final Manners manners;
  private final UnsolicitedSyns unsolicited = new UnsolicitedSyns();
  private final Answers answersToInternet;
  private final Books books;
  private final EventLog events;
  private final PortlessCounts portless;
  private final Tally outboundTally;
  private final Tally inboundTally;
  private final Reassembly fromHome;
  private final Reassembly fromLine;
  private final Reassembly fromInternet;
  private final Ipv4Ids ids;
  private final Packet packet = new Packet();
  private final Outer outer = new Outer();

  private long saidAt = Long.MIN_VALUE / 2;

  /// What a gateway keeps when it gets new settings.
  private record Kept(Napt napt, Books books) {}

  /// @param home where packets for hosts at home go
  /// @param line where packets for the line go
  /// @param memory where the session table lies
  public Gateway(
      GatewaySettings settings,
      Outbox home,
      Outbox line,
      SegmentAllocator memory,
      Randomness randomness) {
    this(settings, home, line, kept(settings, memory, new Books(), randomness), randomness);
  }

  /// A gateway whose session table is freed with it.
  ///
  /// @param books what it writes down
  public Gateway(
      GatewaySettings settings, Outbox home, Outbox line, Books books, Randomness randomness) {
    this(settings, home, line, kept(settings, Arena.ofAuto(), books, randomness), randomness);
  }

  private static Kept kept(
      GatewaySettings settings, SegmentAllocator memory, Books books, Randomness randomness) {
    return new Kept(translator(settings, memory, randomness, books.events()), books);
  }

  /// With a translator made elsewhere. What leaves is checked against the settings and not against
  /// the translator, so a test can give it one that is wrong and see the guard stop it.
  Gateway(GatewaySettings settings, Outbox home, Outbox line, Napt napt, Randomness randomness) {
    this(settings, home, line, new Kept(napt, new Books()), randomness);
  }

  private Gateway(
      GatewaySettings settings, Outbox home, Outbox line, Kept kept, Randomness randomness) {
    identity = settings.identity();
    mapHigh = identity.mapAddress().high();
    mapLow = identity.mapAddress().low();
    lowersTimeToLive = settings.routing() == Routing.OURS;
    farEnds = new FarEnds(settings.domain());
    manners = settings.manners();
    this.home = home;
    this.line = line;
    napt = kept.napt();
    addresses = new Addresses(identity, settings.homePrefixes(), napt.outerAddress());
    books = kept.books();
    events = books.events();
    portless = books.portless();
    outboundTally = books.outbound();
    inboundTally = books.inbound();
    tunnel = new Tunnel(settings.tunnel(), line, randomness);
    answers = new Answers(settings.homeAddress().bits(), randomness);
    answersToInternet = new Answers(napt.outerAddress(), randomness);
    tunnelErrors = new TunnelErrors(answers);
    var keys = randomness.branch(FragmentMemory.KEYS);
    var memory = new FragmentMemory(settings.fragments().memoryBytes());
    fromHome = Reassembly.ofInner(memory, outboundTally, keys, this::tellHome);
    fromLine = Reassembly.ofOuter(memory, inboundTally, keys, this::tellLine);
    fromInternet = Reassembly.ofInner(memory, inboundTally, keys, Reassembly.Late.UNSAID);
    ids = new Ipv4Ids(settings.fragments().idsInPortSet() ? identity.ports() : PortSet.ALL, keys);
  }

  private static Napt translator(
      GatewaySettings settings, SegmentAllocator memory, Randomness randomness, EventLog events) {
    return new Napt(
        settings.identity().ipv4().bits(),
        settings.identity().ports(),
        settings.nat(),
        memory,
        randomness,
        events);
  }

  /// The gateway with new settings, in the place of this one, which is closed. Counters and events
  /// go on. Where address and port set are the same, so do all sessions; if not, the new address
  /// begins without any. Fragments that wait for the rest are lost. Nobody else carries sessions
  /// then, until he is asked again.
  ///
  /// @throws Refused when the settings cannot be; this gateway goes on then
  public Gateway next(GatewaySettings settings, Randomness randomness, long now) {
    Identity wanted = settings.identity();
    boolean isSame =
        wanted.ipv4().equals(identity.ipv4()) && wanted.ports().equals(identity.ports());
    Napt translator = isSame ? napt : translator(settings, Arena.ofAuto(), randomness, events);
    var next = new Gateway(settings, home, line, new Kept(translator, books), randomness);
    if (isSame) {
      next.takeOver(settings.nat(), now);
    }
    napt.carryAlone(now); // from here on nothing can fail
    close();
    return next;
  }

  private void takeOver(NatSettings settings, long now) {
    try {
      napt.become(settings, now);
    } catch (Refused refused) {
      close();
      throw refused;
    }
  }

  /// What happened that a person should hear of.
  public EventLog events() {
    return events;
  }

  /// Packets of protocols without ports that could not cross.
  public PortlessCounts portless() {
    return portless;
  }

  public Tally outboundTally() {
    return outboundTally;
  }

  public Tally inboundTally() {
    return inboundTally;
  }

  public Napt napt() {
    return napt;
  }

  /// The longest IPv4 packet that crosses in one piece now.
  public int tunnelMtu() {
    return tunnel
        .fit()
        .tunnelMtu(farEnds.high(RuleTable.NO_RULE, 0, 0), farEnds.low(RuleTable.NO_RULE, 0, 0));
  }

  /// Takes an IPv4 packet from the home.
  ///
  /// @param now milliseconds of a clock that only goes forward
  public Verdict outbound(long at, int available, long now) {
    return outboundTally.count(judgeOutbound(at, available, now), available);
  }

  /// Takes an IPv6 packet from the line.
  public Verdict inbound(long at, int available, long now) {
    return inboundTally.count(judgeInbound(at, available, now), available);
  }

  /// Lets time pass: call it several times a second.
  public void tick(long now) {
    napt.tick(now);
    while (unsolicited.isDue(now)) {
      answerUnsolicited(now);
    }
    fromHome.age(now);
    fromLine.age(now);
    fromInternet.age(now);
    tunnel.fit().age(now);
  }

  /// Gives its packet memory back; once, and nothing may be called after it.
  @Override
  public void close() {
    fromHome.close();
    fromLine.close();
    fromInternet.close();
    tunnel.close();
    answers.close();
    answersToInternet.close();
    unsolicited.close();
  }

  private Verdict judgeOutbound(long at, int available, long now) {
    if (!packet.pull(at, available)) {
      return packet.flaw();
    }
    if (!addresses.isHome(packet.source())) {
      return Drop.SOURCE_NOT_OF_HOME;
    }
    if (isMartian(packet.target())) {
      return answer(Drop.TARGET_NOT_UNICAST, Icmp.UNREACHABLE, Icmp.UNREACHABLE_NET, 0, now);
    }
    if (packet.isFragment() && !fromHome.completes(packet, packet.source(), now)) {
      return fromHome.verdict();
    }
    if (lowersTimeToLive && Ipv4.timeToLive(packet.at()) <= 1) {
      return answer(Drop.TTL_EXPIRED, Icmp.TIME_EXCEEDED, 0, 0, now);
    }
    if (addresses.isToOurselves(packet)) {
      return turnRound(now);
    }
    int mtu = mtuOfPath();
    if (packet.length() > mtu && Ipv4.dontFragment(packet.at())) {
      return answer(
          Drop.TOO_BIG, Icmp.UNREACHABLE, Icmp.UNREACHABLE_FRAGMENTATION_NEEDED, mtu, now);
    }
    return addresses.isRouted(packet.source()) ? leave() : translate(now);
  }

  /// Two hosts of one home that speak by way of their own outer address (RFC 4787 REQ-9). A query
  /// names nobody: whoever is behind the address, it is not one host.
  private Verdict turnRound(long now) {
    if (packet.target() != napt.outerAddress() || packet.isQuery() || !packet.hasPorts()) {
      return Drop.TO_OWN_PORT;
    }
    if (packet.isError() && packet.quoteSource() != packet.target()) {
      return Drop.ERROR_WITHOUT_SESSION;
    }
    if (addresses.isRouted(packet.source())) {
      return napt.inbound(packet, now) ? arrive() : refused(now);
    }
    if (!napt.hairpin(packet, now)) {
      return refused(now);
    }
    return identify(now) ? arrive() : Drop.FRAGMENT_IDS_EXHAUSTED;
  }

  private Verdict translate(long now) {
    if (!packet.hasPorts() && identity.isShared()) {
      return refuseProtocol(now);
    }
    if (packet.isError() && packet.quoteSource() != packet.target()) {
      return Drop.ERROR_WITHOUT_SESSION;
    }
    if (!napt.outbound(packet, now)) {
      return refused(now);
    }
    return identify(now) ? leave() : Drop.FRAGMENT_IDS_EXHAUSTED;
  }

  private boolean identify(long now) {
    return ids.renew(packet, packet.length() > Ipv4Ids.INTERNET_MTU, now);
  }

  /// ESP, GRE and their like cannot cross a shared address: nothing in them says whose they are.
  /// The first packet of each protocol is always said, so that no other hides it.
  private Verdict refuseProtocol(long now) {
    boolean isFirst = portless.count(packet.sessionProtocol());
    if (isFirst || now - saidAt >= EVENT_PAUSE_MILLIS) {
      saidAt = now;
      var host = new Ipv4Address(packet.source());
      events.add(new Event.ProtocolWithoutPort(packet.sessionProtocol(), host), now);
    }
    return manners.aboutProtocols()
        ? answer(Drop.PROTOCOL_WITHOUT_PORT, Icmp.UNREACHABLE, Icmp.UNREACHABLE_PROTOCOL, 0, now)
        : Drop.PROTOCOL_WITHOUT_PORT;
  }

  /// Exhaustion is told to the host (RFC 6888 REQ-11b), with a soft error.
  private Verdict refused(long now) {
    Drop why = napt.refusal();
    return why.isShortage() ? answer(why, Icmp.UNREACHABLE, Icmp.UNREACHABLE_HOST, 0, now) : why;
  }

  /// The last hop of the way out. What is not provably ours does not leave (RFC 7597 §8).
  private Verdict leave() {
    if (!addresses.isOwn(packet.source(), packet.sourcePort())) {
      return Drop.EGRESS_GUARD;
    }
    if (lowersTimeToLive) {
      Ipv4.lowerTimeToLive(packet.at());
    }
    clampMss(mtuOfPath());
    int peer = peer();
    return tunnel.enter(packet.at(), packet.length(), mapHigh, mapLow, farHigh(peer), farLow(peer));
  }

  /// The longest packet that crosses in one piece to where the one in hand goes.
  private int mtuOfPath() {
    if (tunnel.fit().isLineAll()) {
      return tunnel.fit().tunnelMtu();
    }
    int peer = peer();
    return tunnel.fit().tunnelMtu(farHigh(peer), farLow(peer));
  }

  /// The far ends of tunnels whose paths carry less than the line.
  public List<Ipv6Address> narrowPaths() {
    return tunnel.fit().narrow();
  }

  private int peer() {
    return farEnds.peer(packet, packet.target(), packet.targetPort());
  }

  /// The far end of the tunnel that the packet in hand goes to.
  private long farHigh(int peer) {
    return farEnds.high(peer, packet.target(), packet.targetPort());
  }

  private long farLow(int peer) {
    return farEnds.low(peer, packet.target(), packet.targetPort());
  }

  private Verdict answer(Drop why, int type, int code, int word, long now) {
    int length = answers.write(packet, type, code, word, now);
    if (length > 0 && home.send(answers.at(), length)) {
      outboundTally.countAnswer();
    }
    return why;
  }

  /// Time is over for a packet of the home (RFC 1122 §3.3.2). A sender on the Internet hears
  /// nothing: its packet was not to us.
  private void tellHome(long at, int length, long now) {
    int answer =
        answers.writeAboutFirst(at, length, Icmp.TIME_EXCEEDED, Icmp.REASSEMBLY_TIME_EXCEEDED, now);
    if (answer > 0 && home.send(answers.at(), answer)) {
      outboundTally.countAnswer();
    }
  }

  private void tellLine(long at, int length, long now) {
    if (tunnel.answers().aboutTime(at, length, now)) {
      inboundTally.countAnswer();
    }
  }

  /// @param mtu the longest packet that crosses in one piece
  private void clampMss(int mtu) {
    if (packet.protocol() == Protocol.TCP) {
      Tcp.clampMss(packet.transport(), packet.transportLength(), Fit.mss(mtu));
    }
  }

  private Verdict judgeInbound(long at, int available, long now) {
    if (!outer.pull(at, available)) {
      return outer.flaw();
    }
    if (!outer.isTo(mapHigh, mapLow)) {
      return Drop.OUTER_TARGET_NOT_OURS;
    }
    return outer.isFragment() ? collect(now) : open(now);
  }

  /// Fragments take memory, so those of strangers are dropped before they get any.
  private Verdict collect(long now) {
    if (outer.nextHeader() == Protocol.ICMPV6) {
      return Drop.ICMPV6_FRAGMENTED;
    }
    if (!farEnds.isOne(outer)) {
      return Drop.OUTER_SOURCE_UNKNOWN;
    }
    if (fromLine.completes(outer, account(), now)) {
      return open(now);
    }
    if (tunnel.answers().aboutFragment(outer, fromLine.verdict(), now)) {
      inboundTally.countAnswer();
    }
    return fromLine.verdict();
  }

  /// Whose memory an outer fragment takes. A peer answers for all that it sends; the relay sends
  /// nearly everything, so there it is the sender of the packet inside.
  private long account() {
    if (!farEnds.isRelay(outer)) {
      return outer.sourceHigh();
    }
    boolean isSaid = outer.fragmentOffset() == 0 && outer.payloadLength() >= Ipv4.HEADER;
    return isSaid ? Ipv4.source(outer.payload()) : SENDER_UNKNOWN;
  }

  private Verdict open(long now) {
    return switch (outer.nextHeader()) {
      case Protocol.IPV4 -> decapsulate(now);
      case Protocol.ICMPV6 -> control(now);
      default -> Drop.OUTER_PAYLOAD_NOT_IPV4;
    };
  }

  private Verdict decapsulate(long now) {
    if (!packet.pull(outer.payload(), outer.payloadLength())) {
      return packet.flaw();
    }
    if (packet.isFragment() && !farEnds.isOne(outer)) {
      return Drop.OUTER_SOURCE_UNKNOWN;
    }
    if (packet.isFragment()) {
      if (!Decapsulation.mergeEcn(packet, outer)) {
        return Drop.OUTER_ECN_IMPOSSIBLE;
      }
      long account = farEnds.isRelay(outer) ? packet.source() : outer.sourceHigh();
      if (!fromInternet.completes(packet, outer, account, now)) {
        return fromInternet.verdict();
      }
    }
    if (!farEnds.mayBeFrom(outer, packet)) {
      return Drop.OUTER_SOURCE_UNKNOWN;
    }
    if (!Decapsulation.mergeEcn(packet, outer)) {
      return Drop.OUTER_ECN_IMPOSSIBLE;
    }
    if (isForeign(packet.source())) {
      return Drop.SOURCE_NOT_OF_INTERNET;
    }
    return deliver(now);
  }

  /// Whether nothing from the line may have such a source. Routers with private addresses do report
  /// errors, and without theirs a path could go dark (RFC 6752 §4); those have a quote to be known
  /// by.
  private boolean isForeign(int address) {
    boolean isReport = packet.isError() && Answers.isOneHost(address);
    return addresses.isOfPrefixes(address) || (!isReport && isMartian(address));
  }

  /// Whether an address is neither of the Internet nor of the domain.
  private boolean isMartian(int address) {
    return Martians.has(address) && !farEnds.covers(address);
  }

  /// The last hops of the way in, for a packet that was decapsulated or made here.
  private Verdict deliver(long now) {
    if (addresses.isOwn(packet.source(), packet.sourcePort())) {
      return Drop.SPOOFED_SELF;
    }
    if (!addresses.isOuter(packet.target())) {
      return Drop.INNER_TARGET_NOT_OURS;
    }
    if (packet.isError() && packet.quoteSource() != packet.target()) {
      return Drop.ERROR_WITHOUT_SESSION;
    }
    if (addresses.isRouted(packet.target())) {
      return arrive();
    }
    if (!packet.hasPorts() && identity.isShared()) {
      portless.count(packet.sessionProtocol());
      return Drop.PROTOCOL_WITHOUT_PORT;
    }
    if (!identity.ports().contains(packet.targetPort())) {
      return Drop.PORT_NOT_OURS;
    }
    return napt.inbound(packet, now) ? arrive() : unsolicited(now);
  }

  private Verdict unsolicited(long now) {
    if (manners.aboutUnsolicited() && UnsolicitedSyns.isOne(packet)) {
      unsolicited.add(packet, now);
    }
    return napt.refusal();
  }

  /// Nobody at home opened the connection from its end in time.
  private void answerUnsolicited(long now) {
    if (!unsolicited.isAnswered(napt, now)) {
      int length = unsolicited.refuse(answersToInternet, now);
      if (length > 0 && packet.pull(answersToInternet.at(), length) && leave() == Pass.SENT) {
        inboundTally.countAnswer();
      }
    }
    unsolicited.removeOldest();
  }

  private Verdict arrive() {
    if (lowersTimeToLive) {
      if (Ipv4.timeToLive(packet.at()) <= 1) {
        return Drop.TTL_EXPIRED;
      }
      Ipv4.lowerTimeToLive(packet.at());
    }
    clampMss(tunnel.fit().tunnelMtu(outer.sourceHigh(), outer.sourceLow()));
    return home.send(packet.at(), packet.length()) ? Pass.SENT : Drop.DOOR_FULL;
  }

  /// An ICMPv6 message to the MAP address: a ping, or an error about a packet in the tunnel.
  private Verdict control(long now) {
    Verdict verdict = tunnelErrors.read(outer, now, tunnel);
    if (verdict == Pass.ANSWERED) {
      inboundTally.countAnswer();
    }
    if (verdict != Pass.HELD) {
      return verdict;
    }
    if (!isSentByUs(now)) {
      return Drop.ICMPV6_NOT_OURS;
    }
    tunnelErrors.believeMtu(tunnel.fit(), now);
    int length = tunnelErrors.translate(now);
    if (length == 0) {
      return Drop.ICMPV6_NOT_RELAYED;
    }
    if (!packet.pull(answers.at(), length)) {
      return Drop.QUOTE_MALFORMED;
    }
    Verdict delivered = deliver(now);
    if (delivered == Pass.SENT) {
      inboundTally.countAnswer();
      return Pass.ANSWERED;
    }
    return delivered;
  }

  /// Whether the quoted tunnel packet is one that this gateway sent to its relay or a peer, for a
  /// session that lives.
  private boolean isSentByUs(long now) {
    Outer quoted = tunnelErrors.quoted();
    Packet inner = tunnelErrors.inner();
    if (!quoted.isFrom(mapHigh, mapLow) || !addresses.isOwn(inner.source(), inner.sourcePort())) {
      return false;
    }
    if (!addresses.isRouted(inner.source()) && !napt.hasSession(inner, now)) {
      return false;
    }
    return farEnds.mayBeTo(quoted, inner);
  }
}
