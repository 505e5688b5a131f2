package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv6Address;

final class FramesTest {
  private static final Cable CABLE = new Cable(0x0200_0000_0001L, 0x02aa_bbcc_ddeeL);
  private static final Flow FLOW = new Flow(0xc0a8_0102, 50_000, 0xcb00_7150, 20_000);

  private static String hex(List<Frames.Tunnel> tunnels, int from, int to) {
    try (var frames = new Frames(CABLE, List.of(FLOW, FLOW), 30, tunnels)) {
      return HexFormat.of().formatHex(frames.bytes(1), from, to);
    }
  }

  @Test
  void laysADatagramIntoAnEthernetFrame() {
    assertThat(hex(List.of(), 0, 14)).isEqualTo("02aabbccddee" + "020000000001" + "0800");
    assertThat(hex(List.of(), 14, 24)).isEqualTo("4500001e00004000" + "4011");
    assertThat(hex(List.of(), 26, 34)).isEqualTo("c0a80102" + "cb007150");
    assertThat(hex(List.of(), 34, 40)).isEqualTo("c350" + "4e20" + "000a");
  }

  @Test
  void sumsHeaderAndDatagramToAllOnes() {
    assertThat(sum(hex(List.of(), 14, 34), 0)).isEqualTo(0xffff);
    int pseudo = 0xc0a8 + 0x0102 + 0xcb00 + 0x7150 + 17 + 10;
    assertThat(sum(hex(List.of(), 34, 44), pseudo)).isEqualTo(0xffff);
  }

  /// RFC 1071, word by word.
  private static int sum(String hex, int start) {
    int sum = start;
    for (int at = 0; at < hex.length(); at += 4) {
      sum += Integer.parseInt(hex, at, at + 4, 16);
    }
    return (sum & 0xffff) + (sum >> 16);
  }

  @Test
  void putsTheTunnelBetween() {
    var tunnel =
        new Frames.Tunnel(Ipv6Address.parse("2001:db8::1"), Ipv6Address.parse("2001:db8::2"));
    assertThat(hex(List.of(tunnel), 12, 54))
        .isEqualTo(
            "86dd"
                + "60000000001e0440"
                + "20010db8000000000000000000000001"
                + "20010db8000000000000000000000002");
    assertThat(hex(List.of(tunnel), 54, 84)).isEqualTo(hex(List.of(), 14, 44));
  }

  @Test
  void readsAnInterfaceFromWhatIpPrints() throws Exception {
    var json =
        """
        [{"ifindex":7,"ifname":"wan0","mtu":1500,"address":"02:aa:bb:cc:dd:ee"}]
        """;
    assertThat(Attachment.parse(json)).isEqualTo(new Attachment(7, 0x02aa_bbcc_ddeeL));
    assertThat(Yardstick.text(0x02aa_bbcc_ddeeL)).isEqualTo("02:aa:bb:cc:dd:ee");
    assertThatIOException().isThrownBy(() -> Attachment.parse("[]"));
  }
}
