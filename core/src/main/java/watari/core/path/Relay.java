package watari.core.path;

import java.util.List;
import watari.core.nat.Randomness;
import watari.core.net.Ipv6Address;
import watari.core.rule.RuleTable;
import watari.core.verdict.DomainTallies;
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

/// The provider's end of MAP-E (RFC 7597 §7.2 and §8): checks and decapsulates, finds the
/// subscriber and encapsulates. It keeps no state about subscribers.
///
/// ```
/// line -> upstream:   pull, reassemble, decapsulate, is it the subscriber's own   -> Internet, or back
/// line <- downstream: pull, reassemble, whose is it, fit, enter the tunnel        <- Internet
/// ```
///
/// Its rules can be others from one packet to the next. What the new ones refuse is judged once
/// more, as a whole, by those before, until these are forgotten.
///
/// One thread owns it. Packets lie in the [watari.core.wire.Slab] with 64 bytes of room before
/// them.
public final class Relay implements AutoCloseable {
  /// Rules that no longer hold and are not forgotten are at most so many.
  public static final int FORMER_MAX = RuleSets.FORMER_MAX;

  private final boolean lowersTimeToLive;
  private final boolean isAnycast;
  private final Outbox internet;
  private final Tunnel tunnel;
  private final Answers answers;
  private final TunnelErrors tunnelErrors;
  private final RuleSets sets;
  private final DomainTallies upstreamTallies;
  private final DomainTallies downstreamTallies;
  private final Reassembly fromLine;
  private final Reassembly fromSubscriber;
  private final Reassembly fromInternet;
  private final Packet packet = new Packet();
  private final Outer outer = new Outer();

  private final Judgement admission = this::admitBy;
  private final Judgement gateDown = this::gateBy;
  private final Judgement descent = this::descendBy;
  private final Judgement report = this::reportBy;

  /// What the packet in hand is judged by, and where it is counted.
  private RuleSet set;

  private RuleTable rules;
  private int domain;

  /// Says by [#rules] what becomes of the packet in hand.
  @FunctionalInterface
  private interface Judgement {
    Verdict by(long now);
  }

  /// @param internet where packets for the Internet go
  /// @param line where packets for subscribers go
  public Relay(RelaySettings settings, Outbox internet, Outbox line, Randomness randomness) {
    this(settings, internet, line, randomness, Part.WHOLE);
  }

  /// The same for one of several.
  ///
  /// @param randomness with the same key for all of them
  public Relay(
      RelaySettings settings, Outbox internet, Outbox line, Randomness randomness, Part part) {
    sets = new RuleSets(settings.rules());
    upstreamTallies = sets.upstream();
    downstreamTallies = sets.downstream();
    set = sets.newest();
    rules = set.rules();
    lowersTimeToLive = settings.routing() == Routing.OURS;
    isAnycast = settings.isAnycast();
    this.internet = internet;
    tunnel = new Tunnel(settings.tunnel(), line, randomness, isAnycast, part);
    answers = new Answers(settings.address().bits(), randomness);
    tunnelErrors = new TunnelErrors(answers);
    var keys = randomness.branch(FragmentMemory.KEYS);
    var memory =
        new FragmentMemory(
            part.isFirst() ? FragmentMemory.RELAY_BYTES : FragmentMemory.LEAST_BYTES);
    fromLine =
        Reassembly.ofOuter(
            memory, upstreamTallies.of(DomainTallies.NONE), keys, this::tellSubscriber);
    fromSubscriber =
        Reassembly.ofInner(
            memory, upstreamTallies.of(DomainTallies.NONE), keys, Reassembly.Late.UNSAID);
    fromInternet =
        Reassembly.ofInner(
            memory, downstreamTallies.of(DomainTallies.NONE), keys, Reassembly.Late.UNSAID);
  }

  /// What became of everything from the line until now.
  public Tally upstreamTally() {
    return upstreamTallies.sum();
  }

  /// What became of everything from the Internet until now.
  public Tally downstreamTally() {
    return downstreamTallies.sum();
  }

  /// The same, domain by domain: each packet for the domain that its inner address on the
  /// subscriber's side is of.
  public DomainTallies upstreamTallies() {
    return upstreamTallies;
  }

  /// What became of packets from the Internet, domain by domain.
  public DomainTallies downstreamTallies() {
    return downstreamTallies;
  }

  /// From the next packet on these rules hold. What they refuse is judged by those of now, and of
  /// before, until [#forget].
  ///
  /// @throws IllegalStateException when [#FORMER_MAX] are not forgotten yet
  public void become(RuleTable next) {
    sets.become(next);
    judgeBy(sets.newest());
  }

  /// Goes back to the rules before, as if the newest had never been.
  public void goBack() {
    sets.goBack();
    judgeBy(sets.newest());
  }

  /// Forgets the oldest of the rules that no longer hold.
  public void forget() {
    sets.forget();
  }

  private void judgeBy(RuleSet other) {
    set = other;
    rules = other.rules();
  }

  /// Judges once more by the rules before, the newest first, what the ones that hold refuse. Each
  /// judges all of the packet.
  ///
  /// @param refusal what is said when they refuse it too
  private Verdict orByFormer(Verdict refusal, Judgement judgement, long now) {
    Verdict verdict = refusal;
    int told = domain;
    for (int i = 0; i < sets.formerCount() && isByRules(verdict); i++) {
      judgeBy(sets.former(i));
      verdict = judgement.by(now);
    }
    judgeBy(sets.newest());
    if (isByRules(verdict)) {
      domain = told;
      return refusal;
    }
    return verdict;
  }

  private static boolean isByRules(Verdict verdict) {
    return verdict instanceof Drop drop && drop.isByRules();
  }

  /// Takes an IPv6 packet from the line.
  ///
  /// @param now milliseconds of a clock that only goes forward
  public Verdict upstream(long at, int available, long now) {
    domain = DomainTallies.NONE;
    Verdict verdict = judgeUpstream(at, available, now);
    return upstreamTallies.of(domain).count(verdict, available);
  }

  /// Takes an IPv4 packet from the Internet.
  public Verdict downstream(long at, int available, long now) {
    domain = DomainTallies.NONE;
    Verdict verdict = judgeDownstream(at, available, now);
    return downstreamTallies.of(domain).count(verdict, available);
  }

  /// The subscribers whose paths carry less than the line.
  public List<Ipv6Address> narrowPaths() {
    return tunnel.fit().narrow();
  }

  /// Another part has learned of a path.
  public void hear(long high, long low, int mtu, long now) {
    tunnel.fit().hear(high, low, mtu, now);
  }

  /// Counts a fragment from the line that found no room on its way to the part it belongs to.
  public void loseUpstream(int bytes) {
    upstreamTallies.of(DomainTallies.NONE).count(Drop.FRAGMENT_MEMORY_FULL, bytes);
  }

  /// The same of a fragment from the Internet.
  public void loseDownstream(int bytes) {
    downstreamTallies.of(DomainTallies.NONE).count(Drop.FRAGMENT_MEMORY_FULL, bytes);
  }

  /// Lets time pass: call it several times a second.
  public void tick(long now) {
    fromLine.age(now);
    fromSubscriber.age(now);
    fromInternet.age(now);
    tunnel.fit().age(now);
  }

  /// Gives its packet memory back; once, and nothing may be called after it.
  @Override
  public void close() {
    fromLine.close();
    fromSubscriber.close();
    fromInternet.close();
    tunnel.close();
    answers.close();
  }

  private Verdict judgeUpstream(long at, int available, long now) {
    if (!outer.pull(at, available)) {
      return outer.flaw();
    }
    return outer.isFragment() ? collect(now) : open(now);
  }

  /// Fragments take memory, so those of strangers are dropped before they get any.
  private Verdict collect(long now) {
    if (!sets.isToRelay(outer)) {
      return Drop.OUTER_TARGET_NOT_OURS;
    }
    if (outer.nextHeader() == Protocol.ICMPV6) {
      return Drop.ICMPV6_FRAGMENTED;
    }
    if (!sets.isFromSubscriber(outer)) {
      return Drop.OUTER_SOURCE_UNKNOWN;
    }
    if (fromLine.completes(outer, outer.sourceHigh(), now)) {
      return open(now);
    }
    if (tunnel.answers().aboutFragment(outer, fromLine.verdict(), now)) {
      upstreamTallies.of(domain).countAnswer();
    }
    return fromLine.verdict();
  }

  private void tellSubscriber(long at, int length, long now) {
    if (tunnel.answers().aboutTime(at, length, now)) {
      upstreamTallies.of(DomainTallies.NONE).countAnswer();
    }
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
    if (packet.isFragment()) {
      if (!sets.isFromSubscriber(outer)) {
        return Drop.OUTER_SOURCE_UNKNOWN;
      }
      if (!Decapsulation.mergeEcn(packet, outer)) {
        return Drop.OUTER_ECN_IMPOSSIBLE;
      }
      if (!fromSubscriber.completes(packet, outer, outer.sourceHigh(), now)) {
        return fromSubscriber.verdict();
      }
    }
    return admit(now);
  }

  private Verdict admit(long now) {
    Verdict verdict = admitBy(now);
    return sets.hasFormer() && isByRules(verdict) ? orByFormer(verdict, admission, now) : verdict;
  }

  /// Lets a subscriber's packet in when the outer source is the owner of the inner source (RFC 7597
  /// §8.1).
  private Verdict admitBy(long now) {
    int address = packet.source();
    int port = packet.sourcePort();
    int sender = rules.byAddress(address, port);
    if (sender >= 0) {
      domain = set.upstream(sender);
    }
    if (!carries(sender)) {
      return Drop.PROTOCOL_WITHOUT_PORT;
    }
    if (sender < 0) {
      return sender == RuleTable.NO_RULE ? Drop.SUBSCRIBER_UNKNOWN : Drop.SOURCE_PORT_EXCLUDED;
    }
    if (!outer.isTo(rules.relayHigh(sender), rules.relayLow(sender))) {
      return Drop.OUTER_TARGET_NOT_OURS;
    }
    if (!isFrom(sender, address, port) || (packet.isError() && !isAboutSender())) {
      return Drop.SUBSCRIBER_SPOOFED;
    }
    if (!Decapsulation.mergeEcn(packet, outer)) {
      return Drop.OUTER_ECN_IMPOSSIBLE;
    }
    if (isMartian(packet.target())) {
      return Drop.TARGET_NOT_UNICAST;
    }
    if (rules.covers(packet.target())) {
      return turnRound(now);
    }
    // From the Internet it would come back, to be judged by rules that know its sender too.
    return sets.isCoveredBefore(set, packet.target()) ? Drop.TARGET_UNKNOWN : toInternet(now);
  }

  private boolean isFrom(int owner, int address, int port) {
    return outer.isFrom(rules.high(owner, address, port), rules.low(owner, address, port));
  }

  /// Whether the sender of an ICMP error was the target of the packet it quotes.
  private boolean isAboutSender() {
    int quoted = packet.quoteTarget();
    if (quoted == packet.source()) {
      return true;
    }
    int owner = rules.byAddress(quoted, packet.sourcePort());
    return owner >= 0 && isFrom(owner, quoted, packet.sourcePort());
  }

  /// A protocol without ports can belong to nobody on a shared address (RFC 7597 §4).
  private boolean carries(int index) {
    return packet.hasPorts()
        || index == RuleTable.NO_RULE
        || (index >= 0 && !rules.rule(index).isShared());
  }

  private Verdict toInternet(long now) {
    if (lowersTimeToLive) {
      if (Ipv4.timeToLive(packet.at()) <= 1) {
        return answerSubscriber(Drop.TTL_EXPIRED, Icmp.TIME_EXCEEDED, 0, 0, now);
      }
      Ipv4.lowerTimeToLive(packet.at());
    }
    clampMss(tunnel.fit().tunnelMtu(outer.sourceHigh(), outer.sourceLow()));
    return internet.send(packet.at(), packet.length()) ? Pass.SENT : Drop.DOOR_FULL;
  }

  /// From one subscriber to another. No kernel routes this packet, so its time to live is lowered
  /// here whatever the routing.
  private Verdict turnRound(long now) {
    int owner = rules.byAddress(packet.target(), packet.targetPort());
    if (owner < 0 || !carries(owner)) {
      return unreachable(owner);
    }
    if (isFrom(owner, packet.target(), packet.targetPort())) {
      return Drop.TO_ITSELF;
    }
    if (Ipv4.timeToLive(packet.at()) <= 1) {
      return answerSubscriber(Drop.TTL_EXPIRED, Icmp.TIME_EXCEEDED, 0, 0, now);
    }
    int mtu = mtuTo(owner);
    if (packet.length() > mtu && Ipv4.dontFragment(packet.at())) {
      return answerSubscriber(
          Drop.TOO_BIG, Icmp.UNREACHABLE, Icmp.UNREACHABLE_FRAGMENTATION_NEEDED, mtu, now);
    }
    Ipv4.lowerTimeToLive(packet.at());
    return toSubscriber(owner);
  }

  /// Why a target has no owner, silently (RFC 7597 §8.1).
  private Verdict unreachable(int owner) {
    if (!carries(owner)) {
      return Drop.PROTOCOL_WITHOUT_PORT;
    }
    return owner == RuleTable.NO_RULE ? Drop.TARGET_UNKNOWN : Drop.TARGET_PORT_EXCLUDED;
  }

  /// Sends an ICMP error back to the subscriber that the packet in hand came from.
  private Verdict answerSubscriber(Drop why, int type, int code, int word, long now) {
    int length = answers.write(packet, type, code, word, now);
    if (length > 0 && isSentToSubscriber(length)) {
      upstreamTallies.of(domain).countAnswer();
    }
    return why;
  }

  /// The answer in hand goes to where the outer packet came from, which has been checked.
  private boolean isSentToSubscriber(int length) {
    return tunnel.enter(
            answers.at(),
            length,
            /* sourceHigh= */ outer.targetHigh(),
            /* sourceLow= */ outer.targetLow(),
            /* targetHigh= */ outer.sourceHigh(),
            /* targetLow= */ outer.sourceLow())
        == Pass.SENT;
  }

  private Verdict judgeDownstream(long at, int available, long now) {
    if (!packet.pull(at, available)) {
      return packet.flaw();
    }
    return packet.isFragment() ? collectDown(now) : descend(now);
  }

  /// [Pass#HELD] where a packet may come from where it says.
  private Verdict judgeSource() {
    boolean isReport = packet.isError() && Answers.isOneHost(packet.source());
    if (!isReport && isMartian(packet.source())) {
      return Drop.SOURCE_NOT_OF_INTERNET;
    }
    return rules.covers(packet.source()) ? Drop.SUBSCRIBER_FROM_OUTSIDE : Pass.HELD;
  }

  /// Whether an address is neither of the Internet nor of a subscriber.
  private boolean isMartian(int address) {
    return Martians.has(address) && !rules.covers(address);
  }

  /// Nor is there memory for fragments that go to nobody. Whoever floods an address can say that he
  /// is anyone, so what comes for one address has the share of one source.
  private Verdict collectDown(long now) {
    Verdict gate = gateBy(now);
    if (sets.hasFormer() && isByRules(gate)) {
      gate = orByFormer(gate, gateDown, now);
    }
    if (gate != Pass.HELD) {
      return gate;
    }
    return fromInternet.completes(packet, packet.target(), now)
        ? descend(now)
        : fromInternet.verdict();
  }

  private Verdict gateBy(long now) {
    Verdict source = judgeSource();
    return source == Pass.HELD && !rules.covers(packet.target()) ? Drop.TARGET_UNKNOWN : source;
  }

  private Verdict descend(long now) {
    Verdict verdict = descendBy(now);
    return sets.hasFormer() && isByRules(verdict) ? orByFormer(verdict, descent, now) : verdict;
  }

  private Verdict descendBy(long now) {
    Verdict source = judgeSource();
    if (source != Pass.HELD) {
      return source;
    }
    int owner = rules.byAddress(packet.target(), packet.targetPort());
    if (owner >= 0) {
      domain = set.downstream(owner);
    }
    if (owner < 0 || !carries(owner)) {
      return unreachable(owner);
    }
    if (lowersTimeToLive && Ipv4.timeToLive(packet.at()) <= 1) {
      return answerInternet(Drop.TTL_EXPIRED, Icmp.TIME_EXCEEDED, 0, 0, now);
    }
    int mtu = mtuTo(owner);
    if (packet.length() > mtu && Ipv4.dontFragment(packet.at())) {
      return answerInternet(
          Drop.TOO_BIG, Icmp.UNREACHABLE, Icmp.UNREACHABLE_FRAGMENTATION_NEEDED, mtu, now);
    }
    if (lowersTimeToLive) {
      Ipv4.lowerTimeToLive(packet.at());
    }
    return toSubscriber(owner);
  }

  private Verdict answerInternet(Drop why, int type, int code, int word, long now) {
    int length = answers.write(packet, type, code, word, now);
    if (length > 0 && internet.send(answers.at(), length)) {
      downstreamTallies.of(domain).countAnswer();
    }
    return why;
  }

  /// The last hops of the way down, for a packet from the Internet or from another subscriber.
  private Verdict toSubscriber(int owner) {
    int address = packet.target();
    int port = packet.targetPort();
    clampMss(mtuTo(owner));
    return tunnel.enter(
        packet.at(),
        packet.length(),
        rules.relayHigh(owner),
        rules.relayLow(owner),
        rules.high(owner, address, port),
        rules.low(owner, address, port));
  }

  /// The longest packet that crosses in one piece to the subscriber who has the target.
  private int mtuTo(int owner) {
    if (tunnel.fit().isLineAll()) {
      return tunnel.fit().tunnelMtu();
    }
    int address = packet.target();
    int port = packet.targetPort();
    return tunnel
        .fit()
        .tunnelMtu(rules.high(owner, address, port), rules.low(owner, address, port));
  }

  /// @param mtu the longest packet that crosses in one piece
  private void clampMss(int mtu) {
    if (packet.protocol() == Protocol.TCP) {
      Tcp.clampMss(packet.transport(), packet.transportLength(), Fit.mss(mtu));
    }
  }

  /// An ICMPv6 message to the relay: a ping, or an error about a packet to a subscriber.
  private Verdict control(long now) {
    if (!sets.isToRelay(outer)) {
      return Drop.OUTER_TARGET_NOT_OURS;
    }
    Verdict verdict = tunnelErrors.read(outer, now, tunnel);
    if (verdict == Pass.ANSWERED) {
      upstreamTallies.of(domain).countAnswer();
    }
    if (verdict != Pass.HELD) {
      return verdict;
    }
    Verdict reported = reportBy(now);
    return sets.hasFormer() && isByRules(reported) ? orByFormer(reported, report, now) : reported;
  }

  /// Passes on an error about a packet of ours.
  private Verdict reportBy(long now) {
    if (!isSentByUs()) {
      return Drop.ICMPV6_NOT_OURS;
    }
    if (!isAnycast) {
      tunnelErrors.believeMtu(tunnel.fit(), now);
    }
    int length = tunnelErrors.translate(now);
    if (length == 0) {
      return Drop.ICMPV6_NOT_RELAYED;
    }
    return sendError(length) ? Pass.ANSWERED : Drop.ICMPV6_NOT_RELAYED;
  }

  private boolean isSentByUs() {
    Packet inner = tunnelErrors.inner();
    int owner = rules.byAddress(inner.target(), inner.targetPort());
    if (owner >= 0) {
      domain = set.upstream(owner);
    }
    return owner >= 0
        && (inner.hasPorts() || !rules.rule(owner).isShared())
        && tunnelErrors.quoted().isFrom(rules.relayHigh(owner), rules.relayLow(owner))
        && tunnelErrors
            .quoted()
            .isTo(
                rules.high(owner, inner.target(), inner.targetPort()),
                rules.low(owner, inner.target(), inner.targetPort()));
  }

  /// To the Internet, or back into the tunnel when the inner sender is a subscriber (RFC 2473 §8).
  private boolean sendError(int length) {
    Packet inner = tunnelErrors.inner();
    int sender = rules.byAddress(inner.source(), inner.sourcePort());
    boolean sent =
        sender < 0
            ? internet.send(answers.at(), length)
            : tunnel.enter(
                    answers.at(),
                    length,
                    rules.relayHigh(sender),
                    rules.relayLow(sender),
                    rules.high(sender, inner.source(), inner.sourcePort()),
                    rules.low(sender, inner.source(), inner.sourcePort()))
                == Pass.SENT;
    if (sent) {
      upstreamTallies.of(domain).countAnswer();
    }
    return sent;
  }
}
