package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Seed;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.PacketText;

/// Addresses that cross no tunnel, by the way they would take.
final class MartiansTest {
  private static final String DOWN = "IP6 2001:db8:ffff::1 > 2001:db8:12:3400:0:c000:212:34: ";
  private static final String UP = "IP6 2001:db8:12:3400:0:c000:212:34 > 2001:db8:ffff::1: ";

  /// CER-32: RFC 6890 §2.2.2, written down once more, without what is for documentation.
  private static final List<Ipv4Prefix> BLOCKS =
      List.of(
          Ipv4Prefix.parse("0.0.0.0/8"),
          Ipv4Prefix.parse("10.0.0.0/8"),
          Ipv4Prefix.parse("100.64.0.0/10"),
          Ipv4Prefix.parse("127.0.0.0/8"),
          Ipv4Prefix.parse("169.254.0.0/16"),
          Ipv4Prefix.parse("172.16.0.0/12"),
          Ipv4Prefix.parse("192.0.0.0/24"),
          Ipv4Prefix.parse("192.168.0.0/16"),
          Ipv4Prefix.parse("198.18.0.0/15"),
          Ipv4Prefix.parse("224.0.0.0/3"));

  /// CER-32
  @Test
  void areTheBlocksOfTheRegistry() {
    var addresses = new ArrayList<Integer>();
    for (Ipv4Prefix block : BLOCKS) {
      int first = block.bits();
      int last = first | -1 >>> block.length();
      addresses.addAll(List.of(first - 1, first, first + 1, last - 1, last, last + 1));
    }
    SplittableRandom random = Seed.random();
    random.ints(100_000).forEach(addresses::add);
    for (int address : addresses) {
      assertThat(Martians.has(address))
          .as("%s", new Ipv4Address(address))
          .isEqualTo(BLOCKS.stream().anyMatch(block -> block.contains(address)));
    }
  }

  /// CER-30, CER-31, CER-32
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
    "169.254.1.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.1.77", "192.168.2.1",
    "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"
  })
  void crossNoTunnel(String martian) {
    assertThat(atGateway("home", "IP 192.168.1.10.1232 > " + martian + ".80: UDP, data 4"))
        .isEqualTo(Drop.TARGET_NOT_UNICAST);
    assertThat(atGateway("line", DOWN + "IP " + martian + ".80 > 192.0.2.18.1232: UDP, data 4"))
        .isEqualTo(Drop.SOURCE_NOT_OF_INTERNET);
    assertThat(atRelay("line", UP + "IP 192.0.2.18.1232 > " + martian + ".80: UDP, data 4"))
        .isEqualTo(Drop.TARGET_NOT_UNICAST);
    assertThat(atRelay("internet", "IP " + martian + ".80 > 192.0.2.18.1232: UDP, data 4"))
        .isEqualTo(Drop.SOURCE_NOT_OF_INTERNET);
  }

  /// CER-31: only hosts of the home are translated, whatever address another claims.
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1",
    "127.0.0.1",
    "169.254.1.1",
    "192.168.2.10",
    "192.0.2.18",
    "1.2.3.4",
    "224.0.0.1"
  })
  void noOtherSourceLeavesTheHome(String source) {
    assertThat(atGateway("home", "IP " + source + ".1232 > 1.2.3.4.80: UDP, data 4"))
        .isEqualTo(Drop.SOURCE_NOT_OF_HOME);
  }

  /// CER-31: the outside does not speak for us, with or without our port; a neighbour on our
  /// address may speak by way of the relay.
  @Test
  void nobodyOutsideHasOurAddressAndPort() {
    assertThat(atGateway("line", DOWN + "IP 192.0.2.18.1233 > 192.0.2.18.1232: UDP, data 4"))
        .isEqualTo(Drop.SPOOFED_SELF);
    assertThat(atGateway("line", DOWN + "IP 192.0.2.18.1236 > 192.0.2.18.1232: UDP, data 4"))
        .isNotIn(Drop.SPOOFED_SELF, Drop.SOURCE_NOT_OF_INTERNET);
    assertThat(atRelay("internet", "IP 192.0.2.18.1233 > 192.0.2.18.1232: UDP, data 4"))
        .isEqualTo(Drop.SUBSCRIBER_FROM_OUTSIDE);
  }

  /// CER-32, ICMP-17: a router may have a private address, and a path would go dark without its
  /// reports; those are known by their quotes.
  @Test
  void mayReportErrorsWhereTheyAreRouters() {
    String report =
        "IP 10.1.1.1 > 192.0.2.18: ICMP unreachable 3/4, mtu 1400,"
            + " {IP 192.0.2.18.1232 > 1.2.3.4.80, DF: UDP, data 4}";
    assertThat(atRelay("internet", report)).isEqualTo(Pass.SENT);
    try (Bench bench = new Scenario.Settings("gateway").bench()) {
      bench.receive(
          "home", PacketText.bytes("IP 192.168.1.10.1232 > 1.2.3.4.80, DF: UDP, data 4"), 0);
      assertThat(bench.receive("line", PacketText.bytes(DOWN + report), 0)).isEqualTo(Pass.SENT);
      String others = report.replace("1.2.3.4.80", "1.2.3.5.80");
      assertThat(bench.receive("line", PacketText.bytes(DOWN + others), 0)).isNotEqualTo(Pass.SENT);
      String ofTheHome = report.replace("10.1.1.1", "192.168.1.1");
      assertThat(bench.receive("line", PacketText.bytes(DOWN + ofTheHome), 0))
          .isEqualTo(Drop.SOURCE_NOT_OF_INTERNET);
    }
  }

  /// A domain may lie in private addresses, as in a lab.
  @Test
  void ofTheDomainAreNone() {
    var settings =
        new Scenario.Settings("gateway")
            .set("rule", "2001:db8::/40 10.0.2.0/24 16")
            .set("mesh", "");
    try (Bench bench = settings.bench()) {
      byte[] packet = PacketText.bytes("IP 192.168.1.10.1232 > 10.0.2.19.1236: UDP, data 4");
      assertThat(bench.receive("home", packet, 0)).isEqualTo(Pass.SENT);
    }
  }

  private static Verdict atGateway(String door, String packet) {
    return at(new Scenario.Settings("gateway"), door, packet);
  }

  private static Verdict atRelay(String door, String packet) {
    return at(new Scenario.Settings("relay"), door, packet);
  }

  private static Verdict at(Scenario.Settings settings, String door, String packet) {
    try (Bench bench = settings.bench()) {
      return bench.receive(door, PacketText.bytes(packet), 0);
    }
  }
}
