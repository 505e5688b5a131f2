package watari.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.plan.ForwardWish.Transport;
import watari.core.rule.Confidence;
import watari.core.rule.Identity;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;

final class PlanTest {
  private static final MapRule RULE =
      new MapRule(
          Ipv6Prefix.parse("2001:db8::/40"),
          Ipv4Prefix.parse("192.0.2.0/24"),
          16,
          6,
          Psid.NONE,
          Layout.RFC7597);
  private static final Identity HOME = RULE.identity(Ipv6Prefix.parse("2001:db8:12:3400::/56"));
  private static final Ipv4Address OWN = Ipv4Address.parse("192.168.1.1");
  private static final List<Ipv4Prefix> LAN = List.of(Ipv4Prefix.parse("192.168.1.0/24"));
  private static final String MAP_ADDRESS = "2001:db8:12:3400:0:c000:212:34";

  /// MAPE-07, MAPE-11
  @Test
  void aGatewayTakesItsMapAddressAndAllIpv4() {
    assertThat(texts(Plan.ofGateway("watari0", HOME, OWN, "", 7)))
        .containsExactly(
            "forward IPv4 and IPv6 between devices",
            "take packets from our own address 192.168.1.1 out of our device",
            "route " + MAP_ADDRESS + "/128 to our device",
            "route 0.0.0.0/0 to our device, metric 7");
  }

  /// MAPE-07
  @Test
  void aGatewayOnASharedLinkAnswersNeighboursForItsMapAddress() {
    assertThat(texts(Plan.ofGateway("watari0", HOME, OWN, "wan0", 0)))
        .startsWith("hear router advertisements on wan0", "forward IPv4 and IPv6 between devices")
        .contains("answer neighbours on wan0 that ask for " + MAP_ADDRESS);
  }

  @Test
  void aNativeGatewayTakesWhatTheHomeSendsAndWhatComesForTheAddress() {
    String to = " to 198.51.100.2/32 of protocol ";
    String first = "rule 0 before the machine's own addresses: packets";
    String home = "packets from 192.168.1.0/24";
    assertThat(texts(ofNative("198.51.100.2")))
        .containsExactly(
            "forward IPv4 and IPv6 between devices",
            "take packets from our own address 192.168.1.1 out of our device",
            "filter sources device by device, and not those that come out of ours",
            "look up the way of every packet, also of this machine's own connections",
            "route 0.0.0.0/0 to our device in table 7597",
            "rule 32764: " + home + " go by every route but a default route",
            "rule 32765: " + home + " come to our device",
            first + " by wan0 from 192.168.1.0/24 are dropped",
            first + " by watari0 are this machine's, where the address is",
            first
                + (" by wan0" + to)
                + "17 for port 68-68 are this machine's, where the address is",
            first
                + (" by wan0" + to)
                + "6 for port 32768-60999 are this machine's, where the address is",
            first
                + (" by wan0" + to)
                + "17 for port 32768-60999 are this machine's, where the address is",
            first + " by wan0" + to + "6 come to our device",
            first + " from 192.168.1.0/24" + to + "6 come to our device",
            first + " by wan0" + to + "17 come to our device",
            first + " from 192.168.1.0/24" + to + "17 come to our device",
            first + " by wan0" + to + "1 come to our device",
            first + " from 192.168.1.0/24" + to + "1 come to our device",
            first + " by wan0" + to + "50 come to our device",
            first + " from 192.168.1.0/24" + to + "50 come to our device",
            first + " by wan0" + to + "47 come to our device",
            first + " from 192.168.1.0/24" + to + "47 come to our device");
  }

  /// A forward's rule is before that of the machine's ports, of which it takes its own.
  @Test
  void aForwardAmongThePortsOfTheMachineIsSparedAndComesToTheDevice() {
    var items =
        texts(
            ofNative(
                "198.51.100.2",
                forward(Transport.TCP, 443, 1),
                forward(Transport.BOTH, 32_766, 4),
                forward(Transport.UDP, 60_999, 2)));
    String rule = "rule 0 before the machine's own addresses: packets by wan0 to 198.51.100.2/32";
    assertThat(items)
        .containsOnlyOnce(
            "give none of the ports 32768-32769,60999-60999 to this machine's own programs")
        .containsSubsequence(
            rule + " of protocol 6 for port 32768-32769 come to our device",
            rule + " of protocol 17 for port 32768-32769 come to our device",
            rule + " of protocol 17 for port 60999-60999 come to our device",
            rule + " of protocol 6 for port 32768-60999 are this machine's, where the address is")
        .noneMatch(item -> item.contains("443"));
  }

  @Test
  void noPortsAreSparedWhereNoForwardNeedsOne() {
    var items = ofNative("198.51.100.2", forward(Transport.TCP, 32_766, 2)).items();
    assertThat(items).noneMatch(item -> item instanceof Item.SparedPorts);
  }

  private static PlacedForward forward(Transport transport, int port, int count) {
    return new PlacedForward("web", transport, port, count, OWN, 80);
  }

  @Test
  void betweenNativeAndMapEThePacketsOfTheHomeKeepComing() {
    var mapE = Plan.ofGateway("watari0", HOME, LAN, OWN, "wan0", 4096);
    var difference = Difference.between(mapE, ofNative("198.51.100.2"));
    assertThat(difference.removed()).noneMatch(PlanTest::isOfHome);
    assertThat(difference.added()).noneMatch(PlanTest::isOfHome);
    assertThat(mapE.items()).filteredOn(PlanTest::isOfHome).hasSize(3);
  }

  private static boolean isOfHome(Item item) {
    return item.toString().startsWith("rule 3276") || item instanceof Item.OwnTable;
  }

  @Test
  void anotherAddressOfTheLineChangesTheRulesThatNameIt() {
    var difference = Difference.between(ofNative("198.51.100.2"), ofNative("203.0.113.9"));
    assertThat(difference.added())
        .hasSize(13)
        .hasSameSizeAs(difference.removed())
        .allMatch(item -> item.toString().contains("203.0.113.9"));
  }

  private static Plan ofNative(String address, PlacedForward... forwards) {
    return Plan.ofNative(
        "watari0",
        "wan0",
        Ipv4Address.parse(address),
        LAN,
        OWN,
        HostPorts.DEFAULT,
        List.of(forwards));
  }

  /// MAPE-32, MAPE-36
  @Test
  void aRelayTakesItsAddressesAndThePrefixesOfItsRules() {
    assertThat(texts(Plan.ofRelay("relay0", OWN, List.of(domain(RULE)))))
        .containsExactly(
            "forward IPv4 and IPv6 between devices",
            "take packets from our own address 192.168.1.1 out of our device",
            "route 2001:db8:ffff::1/128 to our device",
            "route 192.0.2.0/24 to our device, metric 0");
  }

  @Test
  void betweenEqualPlansNothingChanges() {
    var plan = Plan.ofGateway("watari0", HOME, OWN, "wan0", 0);
    assertThat(
            Difference.between(plan, Plan.ofGateway("watari0", HOME, OWN, "wan0", 0)).isNothing())
        .isTrue();
  }

  @Test
  void aNewPrefixMovesTheMapAddressAndNothingElse() {
    var next = RULE.identity(Ipv6Prefix.parse("2001:db8:ab:cd00::/56"));
    var difference =
        Difference.between(
            Plan.ofGateway("watari0", HOME, OWN, "", 0),
            Plan.ofGateway("watari0", next, OWN, "", 0));
    assertThat(difference.removed()).hasSize(1).allMatch(item -> item.toString().contains("c000"));
    assertThat(difference.routes())
        .hasSize(1)
        .allMatch(item -> item.toString().contains(":ab:cd00"));
    assertThat(difference.added()).isEmpty();
  }

  /// Prefixes are joined, so the route to one that stays is another as soon as its neighbour comes
  /// or goes.
  @Test
  void aRouteComesBeforeTheOneWhosePlaceItTakesIsGone() {
    var one = Plan.ofRelay("relay0", OWN, List.of(domain(rule("192.0.2.0/24"))));
    var both =
        Plan.ofRelay(
            "relay0", OWN, List.of(domain(rule("192.0.2.0/24")), domain(rule("192.0.3.0/24"))));
    var wider = Difference.between(one, both);
    assertThat(texts(wider.routes())).containsExactly("route 192.0.2.0/23 to our device, metric 0");
    assertThat(texts(wider.removed()))
        .containsExactly("route 192.0.2.0/24 to our device, metric 0");
    assertThat(wider.added()).isEmpty();
    var narrower = Difference.between(both, one);
    assertThat(narrower.routes()).isEqualTo(wider.removed());
    assertThat(narrower.removed()).isEqualTo(wider.routes());
  }

  @Test
  void whereNothingGoesAllComesInOrder() {
    var plan = Plan.ofRelay("relay0", OWN, List.of(domain(RULE)));
    var difference = Difference.between(Plan.empty("relay0"), plan);
    assertThat(difference.routes()).isEmpty();
    assertThat(difference.added()).containsExactlyElementsOf(plan.items());
  }

  @Test
  void takingAllAwayGoesFromTheLastPutInToTheFirst() {
    var plan = Plan.ofGateway("watari0", HOME, OWN, "", 0);
    assertThat(Difference.between(plan, Plan.empty("watari0")).removed())
        .containsExactlyElementsOf(plan.items().reversed());
  }

  /// A million rules of one address each must not become a million routes.
  @Test
  void neighbouringPrefixesAreJoined() {
    var addresses = new ArrayList<Ipv4Prefix>();
    for (int i = 0; i < 1 << 16; i++) {
      addresses.add(new Ipv4Prefix(0xc0a8_0000 + i, 32));
    }
    assertThat(Plan.joined(addresses)).containsExactly(Ipv4Prefix.parse("192.168.0.0/16"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void joinedPrefixesCoverTheSameAddressesAndDoNotOverlap(long seed) {
    var random = new Random(seed);
    var prefixes = new ArrayList<Ipv4Prefix>();
    for (int i = 0; i < 40; i++) {
      prefixes.add(Ipv4Prefix.of(0xffff_ff00 | random.nextInt(256), 24 + random.nextInt(9)));
    }
    var joined = Plan.joined(prefixes);
    for (int address = 0xffff_ff00; address != 0; address++) {
      int bits = address;
      long covering = joined.stream().filter(prefix -> prefix.contains(bits)).count();
      boolean wasCovered = prefixes.stream().anyMatch(prefix -> prefix.contains(bits));
      assertThat(covering).as("seed %d", seed).isEqualTo(wasCovered ? 1 : 0);
    }
  }

  private static MapDomain domain(MapRule rule) {
    return new MapDomain(
        "example", Ipv6Address.parse("2001:db8:ffff::1"), false, Confidence.GIVEN, List.of(rule));
  }

  private static MapRule rule(String ipv4) {
    var prefix = Ipv4Prefix.parse(ipv4);
    return new MapRule(RULE.ipv6(), prefix, 16, 6, Psid.NONE, Layout.RFC7597);
  }

  private static List<String> texts(Plan plan) {
    return texts(List.copyOf(plan.items()));
  }

  private static List<String> texts(List<Item> items) {
    return items.stream().map(Item::toString).toList();
  }
}
