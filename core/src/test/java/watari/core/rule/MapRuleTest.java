package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

class MapRuleTest {
  /// MAPE-20, MAPE-22, MAPE-23
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2001:db8::/40  192.0.2.0/24 49 6        | a rule has 0 to 48 EA bits, not 49
          2001:db8::/40  192.0.2.0/24 -1 6        | a rule has 0 to 48 EA bits, not -1
          2001:db8::/100 192.0.2.0/24 29 6        | the rule 2001:db8::/100 with 29 EA bits is longer than an IPv6 address; use at most 28 EA bits
          2001:db8::/40  192.0.2.0/24 25 0        | 192.0.2.0/24 with 25 EA bits would make a PSID of 17 bits, but a port has only 16; use at most 24 EA bits
          2001:db8::/40  192.0.2.0/24 16 9        | a PSID offset of 9 and a PSID of 8 bits do not fit into the 16 bits of a port; lower the offset to at most 8
          2001:db8::/40  192.0.2.0/24 16 16       | the PSID offset is a number from 0 to 15, not 16
          2001:db8::/40  192.0.2.0/24 16 6 0x34/8 | a rule that names a PSID needs a full IPv4 address: 192.0.2.0/24 and 16 EA bits make 40 bits, not 32; take the PSID away or use 8 EA bits
          2001:db8::/40  192.0.2.0/24 4 6 0x34/8  | a rule that names a PSID needs a full IPv4 address: 192.0.2.0/24 and 4 EA bits make 28 bits, not 32; take the PSID away or use 8 EA bits
          """)
  void refusesNumbersThatDoNotFitTogether(String rule, String sentence) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> RuleTexts.rule(rule.replaceAll(" +", " ")))
        .withMessage(sentence);
  }

  /// MAPE-23: one port a subscriber, all of IPv4, and both ends of it
  @ParameterizedTest
  @CsvSource({
    "2001:db8::/80,                     0.0.0.0,         0",
    "2001:db8:ffff:ffff:ffff::/80,      255.255.255.255, 65535",
    "2001:db8:8000:0:8000::/80,         128.0.0.0,       32768",
    "2001:db8:7fff:ffff:7fff::/80,      127.255.255.255, 32767"
  })
  void spellsAllOfIpv4AndOnePortInto48Bits(String endUser, String address, int port) {
    MapRule rule = RuleTexts.rule("2001:db8::/32 0.0.0.0/0 48 0");
    Identity identity = rule.identity(Ipv6Prefix.parse(endUser));
    assertThat(identity.ipv4()).hasToString(address + "/32");
    assertThat(identity.ports().size()).isEqualTo(1);
    assertThat(identity.ports().first(0)).isEqualTo(port);
    int bits = Ipv4Address.parse(address).bits();
    assertThat(RuleTexts.table("2001:db8::/32 0.0.0.0/0 48 0").who(bits, port).orElseThrow())
        .isEqualTo(identity);
  }

  /// MAPE-26, MAPE-28: both layouts under a prefix of 80 bits
  @Test
  void letsALongPrefixOverwriteTheInterfaceIdentifier() {
    var endUser = Ipv6Prefix.parse("2001:db8:c000:212:34::/80");
    assertThat(RuleTexts.rule("2001:db8::/32 0.0.0.0/0 48 0").identity(endUser).mapAddress())
        .hasToString("2001:db8:c000:212:34:c000:212:34");
    assertThat(
            RuleTexts.rule("2001:db8::/32 0.0.0.0/0 48 0 0/0 draft-03")
                .identity(endUser)
                .mapAddress())
        .hasToString("2001:db8:c000:212:34:2:1200:3400");
  }

  /// MAPE-28
  @Test
  void takesItsLayoutFromTheRuleAndNeverGuesses() {
    assertThat(Layout.parse("rfc7597")).isEqualTo(Layout.RFC7597);
    assertThat(Layout.parse("draft-03")).isEqualTo(Layout.DRAFT_03);
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> Layout.parse("draft-04"))
        .withMessage("'draft-04' is not a layout: it is rfc7597 or draft-03");
    for (Layout layout : Layout.values()) {
      long id = layout.interfaceId(0xffff_fffe, 0xfffd);
      assertThat(layout.ipv4(id)).isEqualTo(0xffff_fffe);
      assertThat(layout.psid(id)).isEqualTo(0xfffd);
      assertThat(Layout.parse(layout.toString())).isEqualTo(layout);
    }
  }

  @Test
  void ownsItsAddressAndPortsOnly() {
    Identity identity =
        RuleTexts.rule("2001:db8::/40 192.0.2.0/24 16 6")
            .identity(Ipv6Prefix.parse("2001:db8:12:3400::/56"));
    int address = Ipv4Address.parse("192.0.2.18").bits();
    assertThat(identity.isShared()).isTrue();
    assertThat(identity.owns(address, 1232)).isTrue();
    assertThat(identity.owns(address, 1236)).isFalse();
    assertThat(identity.owns(address, 80)).isFalse();
    assertThat(identity.owns(address + 1, 1232)).isFalse();
  }

  @Test
  void printsItselfInOneLine() {
    assertThat(RuleTexts.rule("2001:db8::/40 192.0.2.0/24 16 6"))
        .hasToString("2001:db8::/40 192.0.2.0/24 ea=16 offset=6 layout=rfc7597");
    assertThat(RuleTexts.rule("2001:db8::/56 192.0.2.18/32 0 6 0x34/8 draft-03"))
        .hasToString("2001:db8::/56 192.0.2.18/32 ea=0 offset=6 psid=0x34/8 layout=draft-03");
  }
}
