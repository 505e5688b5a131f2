package watari.core.path;

import java.lang.foreign.Arena;
import watari.core.nat.Napt;
import watari.core.nat.Randomness;
import watari.core.nat.Reservations;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Icmp;
import watari.core.wire.Ipv4;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// The home's end of a line that has an IPv4 address of its own: translates, without a tunnel.
///
/// ```
/// home -> outbound: pull, reassemble, fit, translate, guard                       -> line
/// home <- inbound:  pull, reassemble, whose it is, translate                      <- line
///                                     of nobody at home: as it came -> this machine
/// ```
///
/// The address is this machine's too. The kernel brings everything for it here but the ports that
/// its own programs are given; what nobody at home has goes back to it. The kernel has routed each
/// packet to us and will route it once more, so that the time to live is raised by one: both
/// together are one router.
///
/// One thread owns it. Packets lie in the [watari.core.wire.Slab] with 64 bytes of room before
/// them.
public final class Native implements AutoCloseable {
  private final int address;
  private final int lineMtu;
  private final Ipv4Prefix[] homePrefixes;
  private final Outbox home;
  private final Outbox line;
  private final Outbox machine;
  private final Napt napt;
  private final Books books;
  private final Answers answers;
  private final Answers answersToInternet;
  private final Manners manners;
  private final UnsolicitedSyns unsolicited = new UnsolicitedSyns();
  private final Reassembly fromHome;
  private final Reassembly fromLine;
  private final Ipv4Ids ids;
  private final Packet packet = new Packet();

  /// @param home where packets for hosts at home go
  /// @param line where packets for the line go
  /// @param machine where packets for this machine itself go
  /// @param books what it writes down
  public Native(
      NativeSettings settings,
      Outbox home,
      Outbox line,
      Outbox machine,
      Books books,
      Randomness randomness) {
    this(
        settings,
        home,
        line,
        machine,
        translator(settings, settings.address(), books, randomness),
        books,
        randomness);
  }

  /// With a translator made elsewhere, so that a test can give it one that is wrong.
  Native(
      NativeSettings settings,
      Outbox home,
      Outbox line,
      Outbox machine,
      Napt napt,
      Books books,
      Randomness randomness) {
    address = settings.address().bits();
    lineMtu = settings.lineMtu();
    homePrefixes = settings.homePrefixes().toArray(Ipv4Prefix[]::new);
    this.home = home;
    this.line = line;
    this.machine = machine;
    this.napt = napt;
    this.books = books;
    answers = new Answers(settings.homeAddress().bits(), randomness);
    answersToInternet = new Answers(address, randomness);
    manners = settings.manners();
    var keys = randomness.branch(FragmentMemory.KEYS);
    var memory = new FragmentMemory(settings.fragments().memoryBytes());
    fromHome = Reassembly.ofInner(memory, books.outbound(), keys, this::tellHome);
    fromLine = Reassembly.ofInner(memory, books.inbound(), keys, Reassembly.Late.UNSAID);
    ids = new Ipv4Ids(PortSet.ALL, keys);
  }

  static Napt translator(
      NativeSettings settings, Ipv4Address address, Books books, Randomness randomness) {
    return new Napt(
        address.bits(), PortSet.ALL, settings.nat(), Arena.ofAuto(), randomness, books.events());
  }

  /// The gateway with new settings, in the place of this one, which is closed. Where the address is
  /// the same, all sessions go on. Fragments that wait for the rest are lost.
  ///
  /// @throws watari.core.net.Refused when the settings cannot be; this gateway goes on then
  public Native next(NativeSettings settings, Randomness randomness, long now) {
    boolean isSame = settings.address().bits() == address;
    if (isSame) {
      napt.become(settings.nat(), now);
    }
    Napt translator = isSame ? napt : translator(settings, settings.address(), books, randomness);
    var next = new Native(settings, home, line, machine, translator, books, randomness);
    close();
    return next;
  }

  public Tally outboundTally() {
    return books.outbound();
  }

  public Tally inboundTally() {
    return books.inbound();
  }

  public Napt napt() {
    return napt;
  }

  /// The ports that hosts at home may ask for: those that their flows get. The others are this
  /// machine's, or a forward's.
  public Reservations reservations() {
    return new SharedAddress(napt, napt.settings().dynamicPorts());
  }

  /// Whether an IPv4 packet that came is for [#outbound]; otherwise it is for [#inbound]. Nobody on
  /// the line can send one with a source of the home: the kernel drops those.
  public boolean isOfHome(long at) {
    return isHome(Ipv4.source(at));
  }

  /// Takes an IPv4 packet from the home.
  ///
  /// @param now milliseconds of a clock that only goes forward
  public Verdict outbound(long at, int available, long now) {
    return books.outbound().count(judgeOutbound(at, available, now), available);
  }

  /// Takes an IPv4 packet from the line.
  public Verdict inbound(long at, int available, long now) {
    return books.inbound().count(judgeInbound(at, available, now), available);
  }

  /// Lets time pass: call it several times a second.
  public void tick(long now) {
    napt.tick(now);
    while (unsolicited.isDue(now)) {
      answerUnsolicited(now);
    }
    fromHome.age(now);
    fromLine.age(now);
  }

  /// Gives its packet memory back; once, and nothing may be called after it.
  @Override
  public void close() {
    fromHome.close();
    fromLine.close();
    answers.close();
    answersToInternet.close();
    unsolicited.close();
  }

  private Verdict judgeOutbound(long at, int available, long now) {
    if (!packet.pull(at, available)) {
      return packet.flaw();
    }
    if (!isHome(packet.source())) {
      return Drop.SOURCE_NOT_OF_HOME;
    }
    if (!Answers.isOneHost(packet.target())) {
      return Drop.TARGET_NOT_UNICAST;
    }
    if (packet.isFragment() && !fromHome.completes(packet, packet.source(), now)) {
      return fromHome.verdict();
    }
    if (packet.target() == address) {
      return turnRound(now);
    }
    if (packet.length() > lineMtu && Ipv4.dontFragment(packet.at())) {
      return answer(
          Drop.TOO_BIG, Icmp.UNREACHABLE, Icmp.UNREACHABLE_FRAGMENTATION_NEEDED, lineMtu, now);
    }
    return translate(now);
  }

  /// A host at home speaks to the address that it shares: to another one (RFC 4787 REQ-9), or to
  /// this machine.
  private Verdict turnRound(long now) {
    if (packet.isQuery() || !packet.hasPorts()) {
      return handOver();
    }
    if (packet.isError() && packet.quoteSource() != address) {
      return Drop.ERROR_WITHOUT_SESSION;
    }
    if (napt.hairpin(packet, now)) {
      return identify(now) ? pass(home) : Drop.FRAGMENT_IDS_EXHAUSTED;
    }
    boolean isAsItCame = packet.source() != address;
    return napt.refusal() == Drop.NO_MAPPING && isAsItCame ? handOver() : refused(now);
  }

  private Verdict translate(long now) {
    if (packet.isError() && packet.quoteSource() != packet.target()) {
      return Drop.ERROR_WITHOUT_SESSION;
    }
    if (!napt.outbound(packet, now)) {
      return refused(now);
    }
    return identify(now) ? leave() : Drop.FRAGMENT_IDS_EXHAUSTED;
  }

  /// What every line of the Internet takes never waits, also where this one is shorter and the
  /// kernel cuts it: a VPN would stand still when its server has got every identification.
  private boolean identify(long now) {
    return ids.renew(packet, packet.length() > Ipv4Ids.INTERNET_MTU, now);
  }

  /// Exhaustion is told to the host (RFC 6888 REQ-11b), with a soft error.
  private Verdict refused(long now) {
    Drop why = napt.refusal();
    return why.isShortage() ? answer(why, Icmp.UNREACHABLE, Icmp.UNREACHABLE_HOST, 0, now) : why;
  }

  /// The last hop of the way out; no address of the home leaves it.
  private Verdict leave() {
    return packet.source() == address ? pass(line) : Drop.EGRESS_GUARD;
  }

  private Verdict answer(Drop why, int type, int code, int word, long now) {
    int length = answers.write(packet, type, code, word, now);
    if (length > 0 && home.send(answers.at(), length)) {
      books.outbound().countAnswer();
    }
    return why;
  }

  /// Time is over for a packet of the home (RFC 1122 §3.3.2).
  private void tellHome(long at, int length, long now) {
    int answer =
        answers.writeAboutFirst(at, length, Icmp.TIME_EXCEEDED, Icmp.REASSEMBLY_TIME_EXCEEDED, now);
    if (answer > 0 && home.send(answers.at(), answer)) {
      books.outbound().countAnswer();
    }
  }

  private boolean isHome(int source) {
    for (Ipv4Prefix prefix : homePrefixes) {
      if (prefix.contains(source)) {
        return true;
      }
    }
    return false;
  }

  private Verdict judgeInbound(long at, int available, long now) {
    if (!packet.pull(at, available)) {
      return packet.flaw();
    }
    if (packet.target() != address) {
      return Drop.INNER_TARGET_NOT_OURS;
    }
    if (packet.source() == address) {
      return Drop.SPOOFED_SELF;
    }
    if (!Answers.isOneHost(packet.source()) || isHome(packet.source())) {
      return Drop.SOURCE_NOT_OF_INTERNET;
    }
    if (packet.isFragment() && !fromLine.completes(packet, packet.source(), now)) {
      return fromLine.verdict();
    }
    if (packet.isError() && packet.quoteSource() != address) {
      return Drop.ERROR_WITHOUT_SESSION;
    }
    return isOfMachine(now) ? handOver() : deliver(now);
  }

  /// Whether nobody at home can have asked for it, whoever is in the demilitarised zone: a ping of
  /// the address, and an answer or a packet without ports that belongs to no session.
  private boolean isOfMachine(long now) {
    if (packet.isRequest()) {
      return true;
    }
    boolean isAnswer = packet.isQuery() || !packet.hasPorts();
    return isAnswer
        && !napt.hasSession(packet.protocol(), packet.targetPort(), packet.source(), 0, now);
  }

  private Verdict deliver(long now) {
    if (napt.inbound(packet, now)) {
      return pass(home);
    }
    return napt.refusal() == Drop.NO_MAPPING ? handOver() : unsolicited(now);
  }

  /// It is for somebody at home, who has not spoken to the sender.
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
        books.inbound().countAnswer();
      }
    }
    unsolicited.removeOldest();
  }

  private Verdict pass(Outbox way) {
    Ipv4.raiseTimeToLive(packet.at());
    if (packet.protocol() == Protocol.TCP) {
      Tcp.clampMss(packet.transport(), packet.transportLength(), Fit.mss(lineMtu));
    }
    return way.send(packet.at(), packet.length()) ? Pass.SENT : Drop.DOOR_FULL;
  }

  /// The time to live stays: this is the last router, and should the kernel bring the packet back
  /// here once more, it must end some time.
  private Verdict handOver() {
    return machine.send(packet.at(), packet.length()) ? Pass.HANDED_OVER : Drop.DOOR_FULL;
  }
}
