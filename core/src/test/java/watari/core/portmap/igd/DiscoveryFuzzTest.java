package watari.core.portmap.igd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.fuzz.Mutations;
import watari.fuzz.Script;

/// Any datagrams to the group of SSDP as a [Search]: few answers, each to the one who asked.
///
/// ```
/// 0 bytes come    1 seconds pass
/// ```
final class DiscoveryFuzzTest {
  private static final int STEPS_MAX = 40;
  private static final int PENDING_MAX = 300;
  private static final int ANNA = Ipv4Address.parse("192.168.1.10").bits();

  static Stream<byte[]> seeds() {
    Stream<byte[]> searches =
        Stream.of(
                """
                M-SEARCH * HTTP/1.1
                HOST: 239.255.255.250:1900
                MAN: "ssdp:discover"
                MX: 2
                ST: ssdp:all
                """,
                """
                M-SEARCH * HTTP/1.1
                man:"ssdp:discover"
                mx:1
                st: urn:schemas-upnp-org:device:InternetGatewayDevice:2
                """,
                """
                NOTIFY * HTTP/1.1
                NTS: ssdp:byebye
                """)
            .map(text -> new Script.Writer().octet(0).bytes(text.getBytes(ISO_8859_1)))
            .map(script -> script.octet(1).number(3).toBytes());
    return Stream.concat(Stream.of(new byte[0], new byte[] {0}), searches);
  }

  @MethodSource("seeds")
  @FuzzTest
  void answersOnlyWhoSearches(byte[] input) {
    long now = 0;
    var home = List.of(Ipv4Prefix.parse("192.168.1.0/24"));
    var discovery =
        new Discovery(
            ControlPoint.DEVICES,
            "http://192.168.1.1:1900",
            "Watari/0",
            7,
            home,
            new Randomness(3, 4),
            now);
    var script = new Script(input);
    for (int steps = 0; script.hasNext() && steps < STEPS_MAX; steps++) {
      if (script.octet() % 2 == 0) {
        discovery.receive(new String(script.bytes(), ISO_8859_1), ANNA, 50_000, now);
      } else {
        now += 1000L * script.number();
        check(discovery.due(now));
      }
    }
    check(discovery.farewell());
  }

  private static void check(List<Datagram> due) {
    assertThat(due).hasSizeLessThanOrEqualTo(PENDING_MAX);
    for (Datagram one : due) {
      assertThat(one.address()).isIn(ANNA, Discovery.GROUP);
      assertThat(one.text()).endsWith("\r\n\r\n").doesNotContain("\r\n\r\n\r\n");
      assertThat(one.text().indexOf("\r\n\r\n")).isEqualTo(one.text().length() - 4);
    }
  }

  @Test
  void answersOnlyWhoSearchesNearTheSeeds() {
    Mutations.feed(seeds(), 20_000, this::answersOnlyWhoSearches);
  }
}
