package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.net.Seed;

class RuleTableTest {
  private static final int NONE = -1;

  /// MAPE-10, MAPE-14, MAPE-17, MAPE-18: every subscriber of a rule against every port of every
  /// address of it. Both signs of addresses, offsets 0 to 8, prefixes over 64, both layouts, named
  /// PSIDs, IPv4 prefixes.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001:db8:1200::/44 192.0.2.0/28 12 6",
        "240d:f::/36 219.104.255.240/28 12 4 0/0 draft-03",
        "2001:db8::/52 127.255.255.252/30 8 0",
        "2001:db8::/52 128.0.0.0/30 10 8",
        "2001:db8:0:1::/64 198.51.100.4/30 6 4",
        "2001:db8::/56 255.255.255.255/32 16 0",
        "2001:db8::/60 203.0.113.0/28 2 6",
        "2001:db8::/60 203.0.113.0/28 4 6",
        "2001:db8::/60 203.0.113.0/29 3 6 0x34/8",
        "2001:db8::/64 203.0.113.1/32 0 15 1/1"
      })
  void givesEveryPortOfEveryAddressOneOwner(String text) {
    MapRule rule = RuleTexts.rule(text);
    RuleTable table = RuleTexts.table(List.of(rule));
    List<Identity> subscribers = subscribers(rule);
    int addresses = 1 << (32 - rule.ipv4().length());
    int[][] owners = owners(rule, subscribers, addresses);
    for (int suffix = 0; suffix < addresses; suffix++) {
      int address = rule.ipv4().bits() + suffix;
      for (int port = 0; port < 1 << 16; port++) {
        int owner = owners[suffix][port];
        if (!agrees(table, address, port, owner == NONE ? null : subscribers.get(owner))) {
          assertThat(table.who(address, port))
              .as("%s:%s", new Ipv4Address(address), port)
              .isEqualTo(owner == NONE ? Optional.empty() : Optional.of(subscribers.get(owner)));
          assertThat(owner).as("the packet way at port %s", port).isEqualTo(Integer.MIN_VALUE);
        }
      }
    }
    subscribers.forEach(one -> assertThat(table.byMapAddress(one.mapAddress())).contains(one));
    subscribers.forEach(one -> assertThat(isSubscriber(table, one.mapAddress())).isTrue());
  }

  private static List<Identity> subscribers(MapRule rule) {
    return IntStream.range(0, 1 << rule.eaLength())
        .mapToObj(ea -> Bits.ipv6Prefix(Bits.of(rule.ipv6()) + Bits.of(ea, rule.eaLength())))
        .map(rule::identity)
        .toList();
  }

  /// Which subscriber has each port of each address, filled in from their port ranges.
  private static int[][] owners(MapRule rule, List<Identity> subscribers, int addresses) {
    int[][] owners = new int[addresses][1 << 16];
    for (int[] ofAddress : owners) {
      Arrays.fill(ofAddress, NONE);
    }
    for (int i = 0; i < subscribers.size(); i++) {
      Identity one = subscribers.get(i);
      int first = one.ipv4().bits() - rule.ipv4().bits();
      for (int suffix = first; suffix < first + (1 << (32 - one.ipv4().length())); suffix++) {
        take(owners[suffix], one.ports(), i);
      }
    }
    return owners;
  }

  private static void take(int[] owners, PortSet ports, int subscriber) {
    for (int range = 0; range < ports.rangeCount(); range++) {
      for (int port = ports.first(range); port <= ports.last(range); port++) {
        if (owners[port] != NONE) {
          assertThat(owners[port]).as("a second owner of port %s", port).isEqualTo(NONE);
        }
        owners[port] = subscriber;
      }
    }
  }

  private static boolean agrees(
      RuleTable table, int address, int port, @Nullable Identity subscriber) {
    int index = table.byAddress(address, port);
    if (subscriber == null || index < 0) {
      return subscriber == null && index < 0;
    }
    return table.high(index, address, port) == subscriber.mapAddress().high()
        && table.low(index, address, port) == subscriber.mapAddress().low()
        && table.rule(index).psidOf(port) == subscriber.ports().psid().value();
  }

  /// MAPE-12, MAPE-13: random rules that nest, share and collide, against a walk over all of them
  @Test
  void agreesWithTheSlowTwinOnOverlappingRules() {
    SplittableRandom random = Seed.random();
    var shapes = new RandomRules(random);
    int refused = 0;
    for (int round = 0; round < 3_000; round++) {
      List<MapRule> rules = new ArrayList<>();
      for (int i = random.nextInt(1, 9); i > 0; i--) {
        rules.add(shapes.nextInSmallSpace());
        if (SlowTable.of(rules).hasContradiction()) {
          refused += refuses(rules) ? 1 : 0;
          rules.removeLast();
        }
      }
      RuleTable table =
          new RuleTable(rules.stream().map(r -> RuleTexts.domain(List.of(r))).toList());
      compare(table, rules, random);
    }
    assertThat(refused).isPositive();
  }

  private static boolean refuses(List<MapRule> rules) {
    List<MapDomain> domains = rules.stream().map(r -> RuleTexts.domain(List.of(r))).toList();
    assertThatExceptionOfType(Refused.class)
        .as("%s", rules)
        .isThrownBy(() -> new RuleTable(domains));
    return true;
  }

  private static void compare(RuleTable table, List<MapRule> rules, SplittableRandom random) {
    SlowTable slow = SlowTable.of(rules);
    for (int i = 0; i < 40; i++) {
      int address = rules.get(random.nextInt(rules.size())).ipv4().bits() + random.nextInt(4);
      int port = random.nextInt(1 << 16);
      String expected = slow.owner(Bits.of(address, 32), port);
      if (!expected.equals(answer(table, address, port))) {
        assertThat(answer(table, address, port))
            .as("%s:%s of %s", new Ipv4Address(address), port, rules)
            .isEqualTo(expected);
      }
      assertThat(table.covers(address))
          .isEqualTo(rules.stream().anyMatch(rule -> rule.ipv4().contains(address)));
    }
  }

  private static String answer(RuleTable table, int address, int port) {
    int index = table.byAddress(address, port);
    return switch (index) {
      case RuleTable.NO_RULE -> SlowTable.NOBODY;
      case RuleTable.EXCLUDED_PORT -> SlowTable.EXCLUDED;
      default -> Bits.of(table.high(index, address, port), table.low(index, address, port));
    };
  }

  /// A million rules of both kinds: 600,000 that name PSIDs and 400,000 that embed them
  @Test
  void holdsAMillionRules() {
    List<MapRule> rules = new ArrayList<>(1_000_000);
    for (int i = 0; i < 600_000; i++) {
      rules.add(named(i));
    }
    for (int i = 0; i < 400_000; i++) {
      rules.add(embedding(i));
    }
    RuleTable table = RuleTexts.table(rules);
    assertThat(table.size()).isEqualTo(1_000_000);
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 200_000; i++) {
      int index = random.nextInt(1_000_000);
      MapRule rule = rules.get(index);
      int psid = rule.psid().isPresent() ? rule.psid().value() : random.nextInt(256);
      int port = new PortSet(4, new Psid(psid, 8)).port(random.nextInt(240));
      int address = rule.ipv4().bits() + (index < 600_000 ? 0 : random.nextInt(16));
      if (table.byAddress(address, port) != index) {
        assertThat(table.byAddress(address, port)).as("%s port %s", rule, port).isEqualTo(index);
      }
    }
  }

  /// 256 subscribers on each address from 192.0.0.0 on.
  private static MapRule named(int i) {
    return new MapRule(
        new Ipv6Prefix(0x2001_0db8_0000_0000L | (long) i << 8, 0, 56),
        new Ipv4Prefix(0xc000_0000 + i / 256, 32),
        0,
        4,
        new Psid(i % 256, 8),
        Layout.RFC7597);
  }

  /// A /28 each from 100.0.0.0 on.
  private static MapRule embedding(int i) {
    return new MapRule(
        new Ipv6Prefix(0x2400_0000_0000_0000L | (long) i << 20, 0, 44),
        new Ipv4Prefix(0x6400_0000 + (i << 4), 28),
        12,
        4,
        Psid.NONE,
        Layout.DRAFT_03);
  }

  @Test
  void keepsMemoryByRuleWherePsidsAreLong() {
    List<MapRule> rules = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rules.add(
          new MapRule(
              new Ipv6Prefix(0x2001_0db8_0000_0000L | (long) i << 8, 0, 56),
              new Ipv4Prefix(0xc000_0000 + i, 32),
              0,
              0,
              new Psid(0xffff - i, 16),
              Layout.RFC7597));
    }
    RuleTable table = RuleTexts.table(rules);
    for (int i = 0; i < 20_000; i++) {
      assertThat(table.byAddress(0xc000_0000 + i, 0xffff - i)).isEqualTo(i);
      assertThat(table.byAddress(0xc000_0000 + i, 0xfffe - i)).isEqualTo(RuleTable.NO_RULE);
    }
  }

  @Test
  void givesAPsidThatNoRuleNamesToTheRuleAroundThem() {
    RuleTable table =
        RuleTexts.table(
            "2001:db8::/40 192.0.2.0/24 16 6", "2001:db8:ff00::/56 192.0.2.18/32 0 6 0x34/8");
    assertThat(owner(table, "192.0.2.18", 1232)).isEqualTo("2001:db8:ff00::/56");
    assertThat(owner(table, "192.0.2.18", 1236)).isEqualTo("2001:db8:12:3500::/56");
    assertThat(owner(table, "192.0.2.19", 1232)).isEqualTo("2001:db8:13:3400::/56");
    assertThat(owner(table, "192.0.2.18", 80)).isEqualTo("nobody");
  }

  /// MAPE-05, MAPE-36: what the longer rule makes of a prefix counts, so its subscriber cannot send
  /// as the one that the shorter rule would have made of it.
  @Test
  void givesNothingToAnEndUserPrefixThatBelongsToALongerRule() {
    RuleTable table =
        RuleTexts.table(
            "2001:db8::/40 192.0.2.0/24 16 6",
            "2001:db8:12::/48 198.51.100.0/24 8 6",
            "2001:db8:15:8000::/49 203.0.113.0/25 7 6");
    assertThat(owner(table, "192.0.2.17", 1232)).isEqualTo("2001:db8:11:3400::/56");
    assertThat(owner(table, "192.0.2.18", 1232)).isEqualTo("nobody");
    assertThat(owner(table, "192.0.2.19", 1232)).isEqualTo("2001:db8:13:3400::/56");
    assertThat(owner(table, "198.51.100.52", 80)).isEqualTo("2001:db8:12:3400::/56");
    assertThat(owner(table, "192.0.2.21", 1232)).isEqualTo("2001:db8:15:3400::/56");
    assertThat(owner(table, "192.0.2.21", 1536)).isEqualTo("nobody");
    assertThat(owner(table, "203.0.113.3", 80)).isEqualTo("2001:db8:15:8300::/56");
  }

  @Test
  void explainsAMapAddressByTheLongestRuleThatMakesIt() {
    RuleTable table =
        RuleTexts.table(
            "2001:db8::/40 192.0.2.0/24 16 6", "2001:db8:12:3400::/56 192.0.2.18/32 0 6 0x34/8");
    var mapAddress = Ipv6Address.parse("2001:db8:12:3400:0:c000:212:34");
    assertThat(table.byMapAddress(mapAddress).orElseThrow().rule().ipv6())
        .hasToString("2001:db8:12:3400::/56");
    assertThat(table.byMapAddress(Ipv6Address.parse("2001:db8:12:3400:0:c000:212:35"))).isEmpty();
    assertThat(table.byMapAddress(Ipv6Address.parse("2001:db9::1"))).isEmpty();
  }

  private static String owner(RuleTable table, String address, int port) {
    return table
        .who(Ipv4Address.parse(address).bits(), port)
        .map(identity -> identity.endUserPrefix().toString())
        .orElse("nobody");
  }

  /// MAPE-12, MAPE-13, MAPE-06
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2001:db8::/40 192.0.2.0/24 16 4; 2001:db8:100::/40 192.0.2.0/25 15 6 | the rules 2001:db8::/40 and 2001:db8:100::/40 share addresses of 192.0.2.0/25 but cut its ports differently: offset 4 and PSID length 8 against offset 6 and PSID length 8; all who share an address need the same (RFC 7597 section 5.1)
          2001:db8::/40 192.0.2.0/24 14 6; 2001:db8:100::/40 192.0.2.0/25 15 6 | the rules 2001:db8::/40 and 2001:db8:100::/40 share addresses of 192.0.2.0/25 but cut its ports differently: offset 6 and PSID length 6 against offset 6 and PSID length 8; all who share an address need the same (RFC 7597 section 5.1)
          2001:db8::/56 192.0.2.1/32 0 4 1/8; 2001:db8:0:100::/56 192.0.2.1/32 0 6 2/8 | the rules 2001:db8::/56 and 2001:db8:0:100::/56 share addresses of 192.0.2.1/32 but cut its ports differently: offset 4 and PSID length 8 against offset 6 and PSID length 8; all who share an address need the same (RFC 7597 section 5.1)
          2001:db8::/40 192.0.2.0/24 16 4; 2001:db8:100::/40 192.0.2.0/25 7 6; 2001:db8:200::/40 192.0.2.0/26 14 6 | the rules 2001:db8::/40 and 2001:db8:200::/40 share addresses of 192.0.2.0/26 but cut its ports differently: offset 4 and PSID length 8 against offset 6 and PSID length 8; all who share an address need the same (RFC 7597 section 5.1)
          2001:db8::/40 192.0.2.0/24 16 6; 2001:db8:100::/40 192.0.2.0/24 16 6 | the rules 2001:db8::/40 and 2001:db8:100::/40 both give out 192.0.2.0/24; an address and port can have only one owner
          2001:db8::/56 192.0.2.1/32 0 6 1/8; 2001:db8:0:100::/56 192.0.2.1/32 0 6 2/8; 2001:db8:0:200::/56 192.0.2.1/32 0 6 2/8 | the rules 2001:db8:0:100::/56 and 2001:db8:0:200::/56 both give out 192.0.2.1/32 with PSID 0x2/8; an address and port can have only one owner
          2001:db8::/56 192.0.2.1/32 0 6 1/8; 2001:db8:0:100::/56 192.0.2.1/32 0 6 | the rules 2001:db8::/56 and 2001:db8:0:100::/56 both give out 192.0.2.1/32; an address and port can have only one owner
          2001:db8::/40 192.0.2.0/24 16 6; 2001:db8::/40 198.51.100.0/24 16 6 | two rules have the IPv6 prefix 2001:db8::/40: one with 192.0.2.0/24, one with 198.51.100.0/24; take one away (RFC 7597 section 5)
          """)
  void refusesRulesThatContradictEachOther(String texts, String sentence) {
    List<MapDomain> domains =
        List.of(texts.split("; ", -1)).stream().map(text -> RuleTexts.domain(text)).toList();
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new RuleTable(domains))
        .withMessage(sentence);
  }

  @Test
  void knowsTheDomainAndTheRelayOfEachRule() {
    var other =
        new MapDomain(
            "other",
            Ipv6Address.parse("8000::8000:0:0:1"),
            true,
            Confidence.SEEN,
            List.of(RuleTexts.rule("2001:db8::/40 192.0.2.0/24 16 6")));
    var table =
        new RuleTable(List.of(RuleTexts.domain("2001:db8:100::/40 198.51.100.0/24 16 6"), other));
    int index = table.byAddress(Ipv4Address.parse("192.0.2.1").bits(), 1024);
    assertThat(table.domain(index)).isEqualTo(other);
    assertThat(new Ipv6Address(table.relayHigh(index), table.relayLow(index)))
        .isEqualTo(other.relay());
  }

  private static boolean isSubscriber(RuleTable table, Ipv6Address address) {
    return table.isSubscriber(address.high(), address.low());
  }

  /// MAPE-37: with any rules at once, nested, named, longer than /64, in both layouts.
  @Test
  void saysOfAnAddressWhetherItIsSomeSubscribersJustAsTheWayToItDoes() {
    SplittableRandom random = Seed.random();
    var rules = new RandomRules(random);
    int found = 0;
    for (int round = 0; round < 2000; round++) {
      boolean isSmall = random.nextBoolean();
      var some = new ArrayList<MapRule>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        some.add(isSmall ? rules.nextInSmallSpace() : rules.next());
      }
      if (SlowTable.of(some).hasContradiction()) {
        continue;
      }
      RuleTable table = RuleTexts.table(some);
      for (int i = 0; i < 20; i++) {
        found += compare(table, some.get(random.nextInt(some.size())), random) ? 1 : 0;
      }
    }
    assertThat(found).isGreaterThan(1000);
  }

  /// An address of somebody, as it is and with one bit turned over.
  private static boolean compare(RuleTable table, MapRule rule, SplittableRandom random) {
    int address = rule.ipv4().bits() | (random.nextInt() & ~Ipv4Prefix.mask(rule.ipv4().length()));
    int port = random.nextInt(1 << 16);
    int index = table.byAddress(address, port);
    if (index < 0) {
      return false;
    }
    var owner = new Ipv6Address(table.high(index, address, port), table.low(index, address, port));
    assertThat(isSubscriber(table, owner)).as("%s of %s", owner, rule).isTrue();
    int bit = random.nextInt(128);
    var other =
        new Ipv6Address(
            owner.high() ^ (bit < 64 ? 1L << bit : 0), owner.low() ^ (bit < 64 ? 0 : 1L << bit));
    if (table.byMapAddress(other).isEmpty()) {
      assertThat(isSubscriber(table, other)).as("%s beside %s", other, rule).isFalse();
    }
    return true;
  }
}
