package watari.core.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Psid;

final class S46ReaderTest {
  private static final String RELAY = "005a0010 20010db8ffff00000000000000000001";
  private static final String RULE = "0059000d 00 10 18 c0000200 28 20010db800";

  private static S46Reading read(String hex) {
    return S46Reader.read(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static List<S46Option> options(String hex) {
    return ((S46Reading.Options) read(hex)).options();
  }

  private static S46Option.Container container(String hex) {
    return (S46Option.Container) options(hex).getFirst();
  }

  private static S46Option.PortParameters ports(int offset, int psid, int length) {
    return new S46Option.PortParameters(offset, new Psid(psid, length));
  }

  private static S46Option.Rule rule(
      boolean isForwarding,
      int ea,
      String ipv4,
      String ipv6,
      S46Option.@Nullable PortParameters ports) {
    return new S46Option.Rule(
        isForwarding,
        ea,
        Ipv4Prefix.parse(ipv4),
        Ipv6Prefix.parse(ipv6),
        Optional.ofNullable(ports));
  }

  private static S46Option.BorderRelay relay(String address) {
    return new S46Option.BorderRelay(Ipv6Address.parse(address));
  }

  @Test
  void readsPortParameters() {
    assertThat(options("005d 0004 06 07 fe00")).containsExactly(ports(6, 127, 7));
  }

  /// S46-15: the PSID is left-aligned.
  @ParameterizedTest
  @CsvSource({"04,8000,4,8", "06,d400,6,53", "01,8000,1,1", "06,fc00,6,63", "08,3400,8,52"})
  void readsALeftAlignedPsid(String length, String psid, int expectedLength, int expected) {
    assertThat(options("005d0004 00" + length + psid))
        .containsExactly(ports(0, expected, expectedLength));
  }

  /// S46-15: with a length of 0 the PSID field has no meaning.
  @Test
  void ignoresThePsidFieldOfLengthZero() {
    assertThat(options("005d0004 06 00 beef"))
        .containsExactly(new S46Option.PortParameters(6, Psid.NONE));
  }

  /// S46-11
  @Test
  void readsARuleWithPortParametersInside() {
    assertThat(options("00590015 01 10 18 01020300 22 20010db800 005d00040607fe00"))
        .containsExactly(rule(true, 16, "1.2.3.0/24", "2001:db8::/34", ports(6, 127, 7)));
  }

  /// S46-11: only the lowest bit of the flags is F.
  @Test
  void readsTheForwardingFlagFromTheLowestBitOnly() {
    assertThat(options(RULE.replace(" 00 10", " 80 10")))
        .containsExactly(rule(false, 16, "192.0.2.0/24", "2001:db8::/40", null));
  }

  @Test
  void readsARelayAndADefaultMappingRuleAndABinding() {
    assertThat(options("005a001020010db8000000000000000000000001 005b0006 21 20010db800"))
        .containsExactly(
            relay("2001:db8::1"),
            new S46Option.DefaultMappingRule(Ipv6Prefix.parse("2001:db8::/33")));
    assertThat(options("005c0012 01020304 22 20010db800 005d00040607fe00"))
        .containsExactly(
            new S46Option.Binding(
                Ipv4Address.parse("1.2.3.4"),
                Ipv6Prefix.parse("2001:db8::/34"),
                Optional.of(ports(6, 127, 7))));
  }

  /// S46-03, S46-05, S46-13: several rules and relays in one container.
  @Test
  void readsACapturedContainerWithTwoRulesAndTwoRelays() {
    var container =
        container(
            "005e005a"
                + " 00590015 01 0c 18 c0000200 24 20010db8f0 005d0004 06000000"
                + " 00590015 01 10 18 c6336400 28 20010db895 005d0004 06000000"
                + " 005a0010 20010db8000000000000000000000001"
                + " 005a0010 20010db8000000000000000000000002");
    assertThat(container.options())
        .containsExactly(
            rule(true, 12, "192.0.2.0/24", "2001:db8:f000::/36", ports(6, 0, 0)),
            rule(true, 16, "198.51.100.0/24", "2001:db8:9500::/40", ports(6, 0, 0)),
            relay("2001:db8::1"),
            relay("2001:db8::2"));
    assertThat(container.fault()).isEmpty();
  }

  @Test
  void readsALightweightContainer() {
    var container =
        container(
            "0060002a 005c0012 c0000263 28 20010db856 005d0004 0205a800"
                + " 005a0010 20010db800050006000700080009000a");
    assertThat(container.options())
        .containsExactly(
            new S46Option.Binding(
                Ipv4Address.parse("192.0.2.99"),
                Ipv6Prefix.parse("2001:db8:5600::/40"),
                Optional.of(ports(2, 21, 5))),
            relay("2001:db8:5:6:7:8:9:a"));
    assertThat(container.fault()).isEmpty();
  }

  /// MAPE-10, MAPE-23: examples 1 and 5 of RFC 7597.
  @Test
  void readsTheExamplesOfTheRfc() {
    assertThat(container("005e0025" + RULE + RELAY).options())
        .containsExactly(
            rule(false, 16, "192.0.2.0/24", "2001:db8::/40", null), relay("2001:db8:ffff::1"));
    assertThat(
            container(
                    "005e002f 00590017 00 00 20 c0000212 38 20010db8001234 005d000406083400"
                        + RELAY)
                .options())
        .containsExactly(
            rule(false, 0, "192.0.2.18/32", "2001:db8:12:3400::/56", ports(6, 0x34, 8)),
            relay("2001:db8:ffff::1"));
  }

  /// S46-08, S46-10: bits behind the lengths are ignored.
  @Test
  void ignoresBitsBehindThePrefixLengths() {
    assertThat(options("0059000d 00 10 18 c000024d 23 20010db83f"))
        .containsExactly(rule(false, 16, "192.0.2.0/24", "2001:db8:2000::/35", null));
  }

  /// S46-03, S46-04
  @Test
  void namesWhyAContainerIsIgnored() {
    assertThat(container("005e0014" + RELAY).fault()).hasValueSatisfying(contains("rule (89)"));
    assertThat(container("005e0011" + RULE).fault())
        .hasValueSatisfying(contains("border relay (90)"));
    assertThat(container("005e002f" + RULE + RELAY + "005b0006 21 20010db800").fault())
        .hasValueSatisfying(contains("default mapping rule (91)"));
    assertThat(
            container(
                    "005e003b"
                        + RULE
                        + RELAY
                        + "005c000a 01020304 22 20010db800"
                        + "0000"
                        + "0004"
                        + "00000000")
                .fault())
        .hasValueSatisfying(contains("binding (92)"));
    assertThat(container("005f0011" + RULE).fault())
        .hasValueSatisfying(contains("exactly one default mapping rule"));
    assertThat(container("00600000").fault()).hasValueSatisfying(contains("border relay (90)"));
  }

  private static java.util.function.Consumer<String> contains(String part) {
    return text -> assertThat(text).contains(part);
  }

  /// S46-07, S46-09, S46-13, S46-15, S46-23
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0059000d 00 31 18 c0000200 28 20010db800 | 5 | ea-len is at most 48, not 49",
        "0059000d 00 10 21 c0000200 28 20010db800 | 6 | prefix4-len is at most 32, not 33",
        "00590019 00 10 18 c0000200 81 20010db8000000000000000000000000ff | 11 | prefix6-len is at most 128",
        "0059000c 00 10 18 c0000200 21 20010db8 | 12 | here should be a prefix of 5 bytes",
        "00590000 | 4 | here should be flags",
        "0059000e 00 10 18 c0000200 28 20010db800 00 | 17 | needs 4 bytes for code and length",
        "005a000f 20010db8ffff000000000000000000 | 4 | an address of 16 bytes",
        "005a0011 20010db8ffff0000000000000000000100 | 20 | its length says 1 more",
        "005d0004 10 00 0000 | 4 | offset is at most 15, not 16",
        "005d0004 00 11 0000 | 5 | psid-len is at most 16, not 17",
        "005d0004 09 08 0000 | 4 | offset 9 and psid-len 8 are more than 16 bits",
        "005d0003 06 00 00 | 6 | psid of 2 bytes",
        "005d0005 06 00 0000 00 | 8 | its length says 1 more",
        "005e00ff 0059 | 2 | says it has 255 bytes, but only 2 follow",
        "006f0003 005e00 | 4 | codes of 2 bytes",
        "00 | 0 | needs 4 bytes",
      })
  void saysWhereAnOptionIsWrong(String hex, int offset, String part) {
    var malformed = (S46Reading.Malformed) read(hex);
    assertThat(malformed.sentence()).contains(part);
    assertThat(malformed.offset()).isEqualTo(offset);
  }

  /// PRI-01: the priority list.
  @Test
  void readsAPriorityList() {
    assertThat(options("006f0006 005e 0040 0060"))
        .containsExactly(new S46Option.Priority(List.of(94, 64, 96)));
  }

  /// S46-23: nesting without end is passed over, not followed.
  @Test
  void doesNotFollowContainersInsideContainers() {
    var hex = new StringBuilder();
    for (int depth = 1000; depth > 0; depth--) {
      hex.append("005e").append(HexFormat.of().toHexDigits((short) (4 * (depth - 1))));
    }
    assertThat(container(hex.toString()).options()).containsExactly(new S46Option.Other(94, 3992));
  }

  /// S46-23: random bytes, and real options with one bit turned.
  @Test
  void answersWhateverTheBytesAre() {
    var random = new Random(7598);
    byte[] good = HexFormat.of().parseHex(("005e0025" + RULE + RELAY).replace(" ", ""));
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = round % 2 == 0 ? good.clone() : new byte[random.nextInt(80)];
      if (round % 2 == 0) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      } else {
        random.nextBytes(bytes);
      }
      switch (S46Reader.read(bytes)) {
        case S46Reading.Options(var options) -> assertThat(options).isNotNull();
        case S46Reading.Malformed(int offset, var sentence) -> {
          assertThat(offset).isBetween(0, bytes.length);
          assertThat(sentence).isNotBlank();
        }
      }
    }
  }
}
