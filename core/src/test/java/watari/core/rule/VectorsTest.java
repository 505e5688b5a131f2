package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// Vectors of RFC 7597, of published calculators, devices and relays, and of an independent script.
class VectorsTest {
  static Stream<Vector> golden() {
    return Vector.of("/golden-vectors.csv");
  }

  static Stream<Vector> published() {
    return Vector.of("/vectors.csv");
  }

  /// MAPE-10, MAPE-15, MAPE-19, MAPE-20, MAPE-22, MAPE-23, MAPE-25, MAPE-26, MAPE-27, MAPE-28
  @ParameterizedTest
  @MethodSource("golden")
  void derivesTheGoldenVectors(Vector row) {
    MapRule rule = goldenRule(row);
    Identity identity = rule.identity(Ipv6Prefix.parse(row.text("end_user_prefix")));
    assertThat(identity.ipv4()).isEqualTo(Ipv4Prefix.parse(row.text("ipv4")));
    assertThat(identity.ports().psid()).isEqualTo(Psid.parse(row.text("psid")));
    assertThat(identity.ports().rangeCount()).isEqualTo(row.number("ranges"));
    assertThat(identity.ports().size()).isEqualTo(row.number("ports"));
    hasRanges(identity.ports(), row.text("first"), row.text("second"), row.text("last"));
    assertThat(identity.mapAddress()).hasToString(row.text("map_address"));
    isFoundAgain(identity);
  }

  private static MapRule goldenRule(Vector row) {
    String named = row.text("named");
    return new MapRule(
        Ipv6Prefix.parse(row.text("rule_ipv6")),
        Ipv4Prefix.parse(row.text("rule_ipv4")),
        row.number("ea"),
        row.number("a"),
        named.isEmpty() ? Psid.NONE : Psid.parse(named),
        Layout.parse(row.text("layout")));
  }

  /// MAPE-16, MAPE-22, MAPE-25, MAPE-28: the shared facts, in both layouts
  @ParameterizedTest
  @MethodSource("published")
  void derivesThePublishedVectorsInBothLayouts(Vector row) {
    for (Layout layout : Layout.values()) {
      String column = layout == Layout.DRAFT_03 ? "ce_draft03" : "ce_rfc7597";
      Identity identity = rule(row, layout).identity(Ipv6Prefix.parse(row.text("end_user_prefix")));
      assertThat(identity.ipv4()).isEqualTo(Ipv4Prefix.parse(row.text("ipv4")));
      assertThat(identity.ports().psid().length()).isEqualTo(row.number("psid_len"));
      assertThat(identity.mapAddress()).hasToString(row.text(column));
      hasPublishedPorts(identity.ports(), row);
      isFoundAgain(identity);
    }
  }

  private static MapRule rule(Vector row, Layout layout) {
    Ipv4Prefix ipv4 = Ipv4Prefix.parse(row.text("rule_ipv4"));
    int ea = row.number("ea_len");
    int length = row.number("psid_len");
    boolean isNamed = ipv4.length() + ea == 32 && length > 0;
    return new MapRule(
        Ipv6Prefix.parse(row.text("rule_ipv6")),
        ipv4,
        ea,
        row.number("psid_offset"),
        isNamed ? new Psid(row.number("psid"), length) : Psid.NONE,
        layout);
  }

  private static void hasPublishedPorts(PortSet ports, Vector row) {
    if (row.text("first_range").equals("all")) {
      assertThat(ports).isEqualTo(PortSet.ALL);
      return;
    }
    assertThat(ports.psid().value()).isEqualTo(row.number("psid"));
    assertThat(ports.rangeCount()).isEqualTo(row.number("range_count"));
    assertThat(ports.size()).isEqualTo(row.number("port_count"));
    hasRanges(ports, row.text("first_range"), row.text("second_range"), row.text("last_range"));
  }

  private static void hasRanges(PortSet ports, String first, String second, String last) {
    assertThat(range(ports, 0)).isEqualTo(first);
    if (!second.isEmpty()) {
      assertThat(range(ports, 1)).isEqualTo(second);
    }
    assertThat(range(ports, ports.rangeCount() - 1)).isEqualTo(last);
  }

  private static String range(PortSet ports, int range) {
    return ports.first(range) + "-" + ports.last(range);
  }

  /// The inverses: from address and port, and from the MAP address.
  private static void isFoundAgain(Identity identity) {
    MapRule rule = identity.rule();
    RuleTable table = RuleTexts.table(List.of(rule));
    int address = identity.ipv4().bits();
    Ipv6Address mapAddress = rule.mapAddress(address, identity.ports().psid().value());
    int port = identity.ports().last(identity.ports().rangeCount() - 1);
    int index = table.byAddress(address, port);
    assertThat(new Ipv6Address(table.high(index, address, port), table.low(index, address, port)))
        .isEqualTo(mapAddress);
    Identity found = table.who(address, port).orElseThrow();
    assertThat(found.mapAddress()).isEqualTo(mapAddress);
    assertThat(found.endUserPrefix())
        .isEqualTo(identity.endUserPrefix().shortened(rule.endUserLength()));
    assertThat(table.byMapAddress(mapAddress)).contains(found);
    assertThat(rule.layout().ipv4(identity.mapAddress().low())).isEqualTo(address);
    assertThat(rule.layout().psid(identity.mapAddress().low()))
        .isEqualTo(identity.ports().psid().value());
  }

  /// MAPE-10: RFC 7597 Appendix A, example 2
  @Test
  void findsTheGatewayOfTheSecondExample() {
    var table = RuleTexts.table("2001:db8::/40 192.0.2.0/24 16 6");
    int address = Ipv4Address.parse("192.0.2.18").bits();
    int index = table.byAddress(address, 1232);
    assertThat(new Ipv6Address(table.high(index, address, 1232), table.low(index, address, 1232)))
        .hasToString("2001:db8:12:3400:0:c000:212:34");
  }

  /// MAPE-14
  @Test
  void givesSystemPortsToNobody() {
    int address = Ipv4Address.parse("198.18.18.52").bits();
    var four = RuleTexts.table("2001:db8::/32 198.18.0.0/16 24 4");
    assertThat(four.byAddress(address, 80)).isEqualTo(RuleTable.EXCLUDED_PORT);
    assertThat(four.who(address, 80)).isEmpty();
    assertThat(four.byAddress(address, 4095)).isEqualTo(RuleTable.EXCLUDED_PORT);
    assertThat(four.byAddress(address, 4096)).isZero();
    var six = RuleTexts.table("2001:db8::/32 198.18.0.0/16 24 6");
    assertThat(IntStream.range(0, 1024).map(port -> six.byAddress(address, port)))
        .containsOnly(RuleTable.EXCLUDED_PORT);
  }

  /// MAPE-10: the mapping vectors of VPP's own MAP-E tests
  @ParameterizedTest
  @CsvSource({"10000, 2001:0:101:7000:0:c0a8:101:7", "30000, 2001:0:101:5000:0:c0a8:101:5"})
  void agreesWithVpp(int port, String mapAddress) {
    var table = RuleTexts.table("2001::/32 192.168.0.0/16 20 4");
    assertThat(table.who(Ipv4Address.parse("192.168.1.1").bits(), port).orElseThrow().mapAddress())
        .hasToString(mapAddress);
  }

  /// MAPE-21, V18: refused, not padded
  @Test
  void refusesAnEndUserPrefixThatIsTooShort() {
    MapRule rule = RuleTexts.rule("2001:db8::/40 192.0.2.0/24 16 6");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> rule.identity(Ipv6Prefix.parse("2001:db8:12::/48")))
        .withMessage(
            "the end-user prefix 2001:db8:12::/48 is too short: the rule needs 40 + 16 = 56 bits");
  }

  /// MAPE-24: zeros behind bit 56, also where a line announces only one /64 of the /56
  @Test
  void takesTheFirstSubnetOfALongerDelegation() {
    MapRule rule = RuleTexts.rule("2001:db8::/40 192.0.2.0/24 16 6");
    Identity identity = rule.identity(Ipv6Prefix.parse("2001:db8:12:34ff::/64"));
    assertThat(identity.mapAddress()).hasToString("2001:db8:12:3400:0:c000:212:34");
    assertThat(identity.isDerivable()).isTrue();
  }

  /// V7: the bits between n + o and bit 56 stay as delegated, and no relay can know them
  @Test
  void saysWhenRelayAndPeersComputeAnotherAddress() {
    MapRule rule = RuleTexts.rule("2001:db8::/34 203.0.112.0/20 18 6");
    Identity identity = rule.identity(Ipv6Prefix.parse("2001:db8:1234:5600::/56"));
    assertThat(identity.mapAddress()).hasToString("2001:db8:1234:5600:0:cb00:748d:5");
    assertThat(identity.isDerivable()).isFalse();
    assertThat(rule.identity(Ipv6Prefix.parse("2001:db8:1234:5000::/56")).isDerivable()).isTrue();
  }

  /// V9, V10 and V11 stand in the table with rules that do not reach their end-user prefixes; the
  /// vectors here have the rules that do.
  @ParameterizedTest
  @CsvSource({
    "2001:db8:12:3450::/60, 2001:db8::/44 192.0.2.0/24 16 6",
    "2001:db8:12:3400::/56, 2001:db8::/52 192.0.2.0/26 4 6",
    "2001:db8:12:3400::/56, 2001:db8::/48 192.0.2.0/24 8 6"
  })
  void refusesAnEndUserPrefixOutsideTheRule(String endUser, String rule) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> RuleTexts.rule(rule).identity(Ipv6Prefix.parse(endUser)))
        .withMessage(
            "the end-user prefix %s lies outside the rule's %s",
            endUser, RuleTexts.rule(rule).ipv6());
  }
}
