package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Seed;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.DomainTallies;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Dump;
import watari.core.wire.PacketText;
import watari.core.wire.Slab;

/// A relay whose rules change from one packet to the next.
final class RuleChangeTest {
  private static final int ROOM = 4096;
  private static final String RELAY = "2001:db8:ffff::1";
  private static final String OTHER_RELAY = "2001:db8:fffe::1";

  /// 192.0.2.18.1232 of 2001:db8:12:3400::/56; 192.0.3.18.1232 of 2001:db8:112:3400::/56.
  private static final RuleTable OLD =
      table(
          domain("kept", RELAY, "2001:db8::/40 192.0.2.0/24"),
          domain("gone", RELAY, "2001:db8:100::/40 192.0.3.0/24"),
          domain("moved", RELAY, "2001:db8:200::/40 192.0.4.0/24"));

  private static final RuleTable NEW =
      table(
          domain("kept", RELAY, "2001:db8::/40 192.0.2.0/24"),
          domain("moved", OTHER_RELAY, "2001:db8:300::/40 192.0.4.0/24"),
          domain("come", RELAY, "2001:db8:400::/40 192.0.5.0/24"));

  /// Before [#OLD]; 192.0.6.18.1232 of 2001:db8:512:3400::/56.
  private static final RuleTable OLDEST =
      table(
          domain("kept", RELAY, "2001:db8::/40 192.0.2.0/24"),
          domain("gone", RELAY, "2001:db8:100::/40 192.0.3.0/24"),
          domain("first", RELAY, "2001:db8:500::/40 192.0.6.0/24"));

  private static final String KEPT = "2001:db8:12:3400:0:c000:212:34";
  private static final String GONE = "2001:db8:112:3400:0:c000:312:34";
  private static final String MOVED_FROM = "2001:db8:212:3400:0:c000:412:34";
  private static final String MOVED_TO = "2001:db8:312:3400:0:c000:412:34";
  private static final String COME = "2001:db8:412:3400:0:c000:512:34";
  private static final String FIRST = "2001:db8:512:3400:0:c000:612:34";

  private final long at = Slab.take(ROOM);
  private final List<String> sent = new ArrayList<>();
  private @Nullable Relay made;

  private static MapDomain domain(String name, String relay, String rule) {
    String[] prefixes = rule.split(" ", -1);
    var only =
        new MapRule(
            Ipv6Prefix.parse(prefixes[0]),
            Ipv4Prefix.parse(prefixes[1]),
            16,
            6,
            Psid.NONE,
            Layout.RFC7597);
    return new MapDomain(name, Ipv6Address.parse(relay), false, Confidence.SEEN, List.of(only));
  }

  private static RuleTable table(MapDomain... domains) {
    return new RuleTable(List.of(domains));
  }

  private Relay relay(RuleTable rules) {
    var settings = new RelaySettings(rules, 1500, Ipv4Address.parse("203.0.113.1"), Routing.KERNEL);
    return new Relay(settings, keep("internet"), keep("line"), new Randomness(1, 2));
  }

  private Relay changed() {
    Relay relay = relay(OLD);
    relay.become(NEW);
    made = relay;
    return relay;
  }

  @AfterEach
  void giveBack() {
    Slab.give(at, ROOM);
    if (made != null) {
      made.close();
    }
  }

  private Outbox keep(String door) {
    return (from, length) -> sent.add(door + " > " + Dump.of(from, length));
  }

  private Verdict up(Relay relay, String packet) {
    int length = write(packet);
    return relay.upstream(at + 64, length, 0);
  }

  private Verdict down(Relay relay, String packet) {
    int length = write(packet);
    return relay.downstream(at + 64, length, 0);
  }

  private int write(String packet) {
    sent.clear();
    byte[] bytes = PacketText.bytes(packet);
    Slab.write(at + 64, bytes, 0, bytes.length);
    return bytes.length;
  }

  private static String from(String subscriber, String source) {
    return to(subscriber, RELAY, source, "1.2.3.4.80");
  }

  private static String to(String subscriber, String relay, String source, String target) {
    return "IP6 "
        + subscriber
        + " > "
        + relay
        + ": IP "
        + source
        + " > "
        + target
        + ": UDP, data 4";
  }

  private static String fromInternet(String target) {
    return "IP 1.2.3.4.80 > " + target + ": UDP, data 4";
  }

  private String only() {
    assertThat(sent).hasSize(1);
    return sent.getFirst();
  }

  @Test
  void whatIsGonePassesUntilItIsForgotten() {
    Relay relay = changed();
    assertThat(up(relay, from(GONE, "192.0.3.18.1232"))).isEqualTo(Pass.SENT);
    assertThat(only()).startsWith("internet > IP 192.0.3.18.1232 > 1.2.3.4.80");
    assertThat(down(relay, fromInternet("192.0.3.18.1232"))).isEqualTo(Pass.SENT);
    assertThat(only()).startsWith("line > IP6 " + RELAY + " > " + GONE);
    relay.forget();
    assertThat(up(relay, from(GONE, "192.0.3.18.1232"))).isEqualTo(Drop.SUBSCRIBER_UNKNOWN);
    assertThat(down(relay, fromInternet("192.0.3.18.1232"))).isEqualTo(Drop.TARGET_UNKNOWN);
  }

  @Test
  void whatHasMovedIsHeardFromBothPlacesAndSentToTheNewOne() {
    Relay relay = changed();
    assertThat(up(relay, from(MOVED_FROM, "192.0.4.18.1232"))).isEqualTo(Pass.SENT);
    assertThat(up(relay, to(MOVED_TO, OTHER_RELAY, "192.0.4.18.1232", "1.2.3.4.80")))
        .isEqualTo(Pass.SENT);
    assertThat(down(relay, fromInternet("192.0.4.18.1232"))).isEqualTo(Pass.SENT);
    assertThat(only()).startsWith("line > IP6 " + OTHER_RELAY + " > " + MOVED_TO);
    relay.forget();
    assertThat(up(relay, from(MOVED_FROM, "192.0.4.18.1232")))
        .isEqualTo(Drop.OUTER_TARGET_NOT_OURS);
  }

  @Test
  void noPacketIsJudgedHalfByEach() {
    Relay relay = changed();
    // the new address at the old relay: neither set of rules says so
    assertThat(up(relay, from(MOVED_TO, "192.0.4.18.1232"))).isEqualTo(Drop.OUTER_TARGET_NOT_OURS);
    assertThat(up(relay, to(MOVED_FROM, OTHER_RELAY, "192.0.4.18.1232", "1.2.3.4.80")))
        .isEqualTo(Drop.SUBSCRIBER_SPOOFED);
    // from one that is in both sets to one that is gone, and from one that has come to it
    assertThat(up(relay, to(KEPT, RELAY, "192.0.2.18.1232", "192.0.3.18.1232")))
        .isEqualTo(Pass.SENT);
    assertThat(only()).startsWith("line > IP6 " + RELAY + " > " + GONE);
    assertThat(up(relay, to(COME, RELAY, "192.0.5.18.1232", "192.0.3.18.1232")))
        .isEqualTo(Drop.TARGET_UNKNOWN);
    assertThat(sent).isEmpty();
  }

  @Test
  void fragmentsFromBothSidesOfTheChangeMeet() {
    Relay relay = relay(OLD);
    made = relay;
    byte[] whole = PacketText.bytes("IP 1.2.3.4.80 > 192.0.3.18.1232: UDP, data 64");
    byte[] inner = PacketText.bytes("IP 192.0.3.18.1232 > 1.2.3.4.80: UDP, data 64");
    assertThat(piece(relay, Pieces.cut(whole, 0, 40, 7), false)).isEqualTo(Pass.HELD);
    assertThat(piece(relay, tunnelled(Pieces.cut(inner, 0, 40, 7)), true)).isEqualTo(Pass.HELD);
    relay.become(NEW);
    assertThat(piece(relay, Pieces.cut(whole, 40, -1, 7), false)).isEqualTo(Pass.SENT);
    assertThat(only()).startsWith("line > IP6 " + RELAY + " > " + GONE);
    assertThat(piece(relay, tunnelled(Pieces.cut(inner, 40, -1, 7)), true)).isEqualTo(Pass.SENT);
    assertThat(piece(relay, Pieces.cut(whole, 0, 40, 8), false)).isEqualTo(Pass.HELD);
    relay.forget();
    assertThat(piece(relay, Pieces.cut(whole, 40, -1, 8), false)).isEqualTo(Drop.TARGET_UNKNOWN);
  }

  private static byte[] tunnelled(byte[] inner) {
    byte[] outer =
        PacketText.bytes("IP6 " + GONE + " > " + RELAY + ": proto 4, data " + inner.length);
    System.arraycopy(inner, 0, outer, outer.length - inner.length, inner.length);
    return outer;
  }

  private Verdict piece(Relay relay, byte[] bytes, boolean isUp) {
    sent.clear();
    Slab.write(at + 64, bytes, 0, bytes.length);
    return isUp
        ? relay.upstream(at + 64, bytes.length, 0)
        : relay.downstream(at + 64, bytes.length, 0);
  }

  /// TUN-16: the error comes after the change.
  @Test
  void errorsAboutPacketsOfBeforeReachTheirSenders() {
    Relay relay = changed();
    String packet = "IP6 " + RELAY + " > " + GONE + ": " + fromInternet("192.0.3.18.1232");
    String about = "IP6 2001:db8:99::1 > " + RELAY + ": ICMP6 unreachable 1/0, {" + packet + "}";
    assertThat(up(relay, about)).isEqualTo(Pass.ANSWERED);
    relay.forget();
    assertThat(up(relay, about)).isEqualTo(Drop.ICMPV6_NOT_OURS);
  }

  @Test
  void goesBackAsIfNothingHadBeen() {
    Relay relay = changed();
    relay.goBack();
    assertThat(up(relay, from(GONE, "192.0.3.18.1232"))).isEqualTo(Pass.SENT);
    assertThat(up(relay, from(COME, "192.0.5.18.1232"))).isEqualTo(Drop.SUBSCRIBER_UNKNOWN);
  }

  @Test
  void severalChangesAreForgottenOneByOne() {
    Relay relay = changed();
    RuleTable last = table(domain("kept", RELAY, "2001:db8::/40 192.0.2.0/24"));
    relay.become(last);
    assertThat(up(relay, from(GONE, "192.0.3.18.1232"))).isEqualTo(Pass.SENT);
    assertThat(up(relay, from(COME, "192.0.5.18.1232"))).isEqualTo(Pass.SENT);
    relay.forget();
    assertThat(up(relay, from(GONE, "192.0.3.18.1232"))).isEqualTo(Drop.SUBSCRIBER_UNKNOWN);
    assertThat(up(relay, from(COME, "192.0.5.18.1232"))).isEqualTo(Pass.SENT);
    relay.forget();
    assertThat(up(relay, from(COME, "192.0.5.18.1232"))).isEqualTo(Drop.SUBSCRIBER_UNKNOWN);
    for (int i = 0; i < Relay.FORMER_MAX; i++) {
      relay.become(last);
    }
    assertThatIllegalStateException().isThrownBy(() -> relay.become(last));
  }

  /// Only the oldest rules know the target, and of the sender those between as well.
  @Test
  void whatOlderRulesThanItsSendersKnowIsNotSentToTheInternet() {
    Relay relay = relay(OLDEST);
    made = relay;
    relay.become(OLD);
    relay.become(NEW);
    assertThat(up(relay, to(GONE, RELAY, "192.0.3.18.1232", "192.0.6.18.1232")))
        .isEqualTo(Pass.SENT);
    assertThat(only()).startsWith("line > IP6 " + RELAY + " > " + FIRST);
  }

  /// Each packet ends as the new rules say, and where they refuse it as those before do, the newest
  /// first.
  @Test
  void agreesWithRelaysOfTheirOwn() {
    SplittableRandom random = Seed.random();
    Relay relay = relay(OLDEST);
    made = relay;
    relay.become(OLD);
    relay.become(NEW);
    var tables = List.of(NEW, OLD, OLDEST);
    int[] judgedBy = new int[tables.size()];
    List<Relay> twins = tables.stream().map(this::relay).toList();
    for (int i = 0; i < 30_000; i++) {
      boolean isUp = random.nextBoolean();
      String packet = isUp ? randomUp(random) : randomDown(random);
      byte[] bytes = PacketText.bytes(packet);
      Verdict wanted = Pass.HELD;
      int judge = -1;
      for (int set = 0; set < twins.size() && judge < 0; set++) {
        Verdict verdict = piece(twins.get(set), bytes, isUp);
        boolean comesBack = comesBack(packet, tables.subList(set, tables.size()));
        if (!comesBack && !isByRules(verdict)) {
          judge = set;
          wanted = verdict;
        } else if (set == 0) {
          wanted = comesBack ? Drop.TARGET_UNKNOWN : verdict;
        }
      }
      var wantedSent = judge < 0 ? List.of() : List.copyOf(sent);
      assertThat(piece(relay, bytes, isUp)).as(packet).isEqualTo(wanted);
      assertThat(sent).as(packet).isEqualTo(wantedSent);
      judgedBy[Math.max(0, judge)]++;
    }
    twins.forEach(Relay::close);
    assertThat(judgedBy[0]).isGreaterThan(1000);
    assertThat(judgedBy[1]).isGreaterThan(1000);
    assertThat(judgedBy[2]).isGreaterThan(500);
  }

  private static boolean isByRules(Verdict verdict) {
    return verdict instanceof Drop drop && drop.isByRules();
  }

  /// Whether what was sent went to the Internet for an address of rules before those of the sender.
  private boolean comesBack(String packet, List<RuleTable> from) {
    String text = packet.substring(packet.indexOf("> 192.0.") + 2);
    boolean isOfOurs = text.startsWith("192.0.");
    return isOfOurs
        && !sent.isEmpty()
        && sent.getFirst().startsWith("internet >")
        && from.stream().skip(1).anyMatch(table -> table.covers(address(text)));
  }

  private static int address(String text) {
    return Ipv4Address.parse(text.substring(0, text.indexOf('.', text.indexOf(".18.") + 1))).bits();
  }

  private static String randomUp(SplittableRandom random) {
    String source = "192.0." + random.nextInt(2, 7) + ".18.1232";
    String[] outer = {KEPT, GONE, MOVED_FROM, MOVED_TO, COME, FIRST};
    String target = random.nextBoolean() ? "1.2.3.4.80" : randomTarget(random);
    return to(
        outer[random.nextInt(outer.length)],
        random.nextBoolean() ? RELAY : OTHER_RELAY,
        source,
        target);
  }

  private static String randomTarget(SplittableRandom random) {
    return "192.0." + random.nextInt(1, 8) + ".18." + (random.nextInt(4) == 0 ? 80 : 1232);
  }

  private static String randomDown(SplittableRandom random) {
    String source = random.nextInt(4) == 0 ? "192.0." + random.nextInt(1, 7) + ".9" : "1.2.3.4";
    return "IP " + source + ".80 > " + randomTarget(random) + ": UDP, data 4";
  }

  /// The counters of a domain live on under its name; those of one that is forgotten stay in the
  /// sum.
  @Test
  void countersOutliveTheChange() {
    Relay relay = relay(OLD);
    made = relay;
    up(relay, from(KEPT, "192.0.2.18.1232"));
    up(relay, from(GONE, "192.0.3.18.1232"));
    relay.become(NEW);
    up(relay, from(KEPT, "192.0.2.18.1232"));
    up(relay, from(GONE, "192.0.3.18.1232"));
    up(relay, from(KEPT, "192.0.5.18.1232"));
    var domains = relay.upstreamTallies();
    assertThat(domains.byName().keySet()).containsExactly("kept", "gone", "moved", "come");
    assertThat(of(domains, "kept").packets(Pass.SENT)).isEqualTo(2);
    assertThat(of(domains, "gone").packets(Pass.SENT)).isEqualTo(2);
    assertThat(of(domains, "come").packets(Drop.SUBSCRIBER_SPOOFED)).isEqualTo(1);
    relay.forget();
    assertThat(domains.byName().keySet()).containsExactly("kept", "moved", "come");
    assertThat(domains.of(DomainTallies.NONE).packets(Pass.SENT)).isEqualTo(2);
    assertThat(relay.upstreamTally().packets(Pass.SENT)).isEqualTo(4);
    assertThat(relay.upstreamTally().received()).isEqualTo(5);
    assertThat(relay.upstreamTally().receivedBytes()).isEqualTo(5 * 72);
  }

  private static Tally of(DomainTallies domains, String name) {
    return Objects.requireNonNull(domains.byName().get(name));
  }

  /// However many rules there are, the change itself is a few words.
  @Test
  void aChangeCostsTheSameForManyRules() {
    RuleTable many = table(domainOf(100_000));
    long few = allocatedBy(OLD);
    assertThat(allocatedBy(many)).isLessThanOrEqualTo(2 * few + 1000);
  }

  private long allocatedBy(RuleTable next) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    try (var relay = relay(NEW)) {
      for (int i = 0; i < 20; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        relay.become(next);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        relay.goBack();
      }
    }
    return least;
  }

  private static MapDomain domainOf(int rules) {
    List<MapRule> all =
        IntStream.range(0, rules)
            .mapToObj(i ->
                new MapRule(
                    new Ipv6Prefix(0x2400_0000_0000_0000L | (long) i << 24, 0, 40),
                    new Ipv4Prefix(0x10000000 + (i << 8), 24),
                    16,
                    6,
                    Psid.NONE,
                    Layout.RFC7597))
            .toList();
    return new MapDomain("many", Ipv6Address.parse(RELAY), false, Confidence.SEEN, all);
  }

  /// Of what comes from the line and from the Internet, each packet is counted once.
  @Test
  void everyPacketIsCountedForItsDomain() {
    Relay relay = relay(OLD);
    made = relay;
    up(relay, from(KEPT, "192.0.2.18.1232"));
    up(relay, from(KEPT, "192.0.3.18.1232"));
    up(relay, from(KEPT, "192.0.9.18.1232"));
    down(relay, fromInternet("192.0.4.18.1232"));
    down(relay, fromInternet("192.0.4.18.80"));
    down(relay, fromInternet("192.0.9.18.1232"));
    assertThat(counts(relay.upstreamTallies().byName().get("kept"))).containsExactly("SENT 1");
    assertThat(counts(relay.upstreamTallies().byName().get("gone")))
        .containsExactly("SUBSCRIBER_SPOOFED 1");
    assertThat(counts(relay.upstreamTallies().of(DomainTallies.NONE)))
        .containsExactly("SUBSCRIBER_UNKNOWN 1");
    assertThat(counts(relay.downstreamTallies().byName().get("moved"))).containsExactly("SENT 1");
    assertThat(counts(relay.downstreamTallies().of(DomainTallies.NONE)))
        .containsExactly("TARGET_UNKNOWN 1", "TARGET_PORT_EXCLUDED 1");
  }

  private static List<String> counts(@Nullable Tally known) {
    Tally tally = Objects.requireNonNull(known);
    var all = new ArrayList<Verdict>(Arrays.asList(Pass.values()));
    all.addAll(Arrays.asList(Drop.values()));
    return all.stream()
        .filter(verdict -> tally.packets(verdict) > 0)
        .map(verdict -> verdict + " " + tally.packets(verdict))
        .toList();
  }
}
