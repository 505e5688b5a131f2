package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.Pass;
import watari.core.wire.PacketText;
import watari.core.wire.Slab;

/// One relay that serves two domains, each by an address of its own.
final class RelayDomainsTest {
  private static final int ROOM = 4096;

  private static final MapDomain ONE = domain("2001:db8::/40", "192.0.2.0/24", "2001:db8:ffff::1");
  private static final MapDomain OTHER =
      domain("2001:db9::/40", "198.51.100.0/24", "2001:db9:ffff::1");

  private static MapDomain domain(String ipv6, String ipv4, String relay) {
    var rule =
        new MapRule(
            Ipv6Prefix.parse(ipv6), Ipv4Prefix.parse(ipv4), 16, 6, Psid.NONE, Layout.RFC7597);
    return new MapDomain(ipv4, Ipv6Address.parse(relay), false, Confidence.SEEN, List.of(rule));
  }

  private static byte[] down(String packet) {
    var sent = new ArrayList<byte[]>();
    var settings =
        new RelaySettings(
            new RuleTable(List.of(ONE, OTHER)),
            1500,
            Ipv4Address.parse("203.0.113.1"),
            Routing.OURS);
    Outbox line = (from, length) -> sent.add(Slab.copy(from, length));
    byte[] bytes = PacketText.bytes(packet);
    long at = Slab.take(ROOM);
    Slab.write(at + 64, bytes, 0, bytes.length);
    try (var relay = new Relay(settings, (_, _) -> false, line, new Randomness(1, 2))) {
      assertThat(relay.downstream(at + 64, bytes.length, 0)).isEqualTo(Pass.SENT);
    }
    Slab.give(at, ROOM);
    return sent.getFirst();
  }

  private static Ipv6Address address(byte[] packet, int place) {
    var bytes = ByteBuffer.wrap(packet);
    return new Ipv6Address(bytes.getLong(place), bytes.getLong(place + 8));
  }

  /// MAPE-33: also of each fragment.
  @ParameterizedTest
  @ValueSource(ints = {4, 3000})
  void whatLeavesForASubscriberComesFromTheRelayAddressOfItsDomain(int data) {
    byte[] one = down("IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data " + data);
    byte[] other = down("IP 1.2.3.4.80 > 198.51.100.18.1232: UDP, data " + data);
    assertThat(address(one, 8)).isEqualTo(ONE.relay());
    assertThat(address(other, 8)).isEqualTo(OTHER.relay());
  }

  /// MAPE-48: 22788 = 0x5904, its bits 6 to 13 are 0x41.
  @Test
  void theIdentifierOfAPingFindsItsSubscriber() {
    byte[] reply = down("IP 1.2.3.4 > 192.0.2.18: ICMP echo reply 0/0, id 22788, seq 1, data 56");
    assertThat(address(reply, 24)).isEqualTo(Ipv6Address.parse("2001:db8:12:4100:0:c000:212:41"));
    byte[] next = down("IP 1.2.3.4 > 192.0.2.18: ICMP echo reply 0/0, id 22792, seq 1, data 56");
    assertThat(address(next, 24)).isEqualTo(Ipv6Address.parse("2001:db8:12:4200:0:c000:212:42"));
  }
}
