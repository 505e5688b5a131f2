package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.wire.PacketText;
import watari.core.wire.Protocol;
import watari.core.wire.SlowChecksum;

/// What programs write about addresses and ports is theirs: nothing at this gateway reads it.
final class PayloadTest {
  private static final MapDomain DOMAIN =
      new MapDomain(
          "payload",
          Ipv6Address.parse("2001:db9:ffff::1"),
          false,
          Confidence.SEEN,
          List.of(
              new MapRule(
                  Ipv6Prefix.parse("2001:db8::/32"),
                  Ipv4Prefix.parse("198.18.52.0/24"),
                  16,
                  4,
                  Psid.NONE,
                  Layout.RFC7597)));

  private static byte[] packet(String protocol, int port, byte[] payload) {
    String ends = "IP 192.168.1.10.40000 > 1.2.3.4." + port + ": ";
    String rest = protocol.equals("TCP") ? "TCP [S], seq 1, data " : "UDP, data ";
    byte[] packet = PacketText.bytes(ends + rest + payload.length);
    System.arraycopy(payload, 0, packet, packet.length - payload.length, payload.length);
    RandomPackets.mend(packet);
    return packet;
  }

  private static byte[] tail(byte[] packet, int bytes) {
    return Arrays.copyOfRange(packet, packet.length - bytes, packet.length);
  }

  private static byte[] only(List<byte[]> packets) {
    assertThat(packets).hasSize(1);
    return packets.getFirst();
  }

  /// UDP-15, TCP-08, VPN-02, T-39: the text is what a helper would rewrite, and the port in it what
  /// it would open: 5000, that is 19 times 256 and 136.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TCP | 21   | PORT 192,168,1,10,19,136",
        "TCP | 21   | EPRT !1!192.168.1.10!5000!",
        "UDP | 5060 | INVITE sip:a@b SIP/2.0 Via: SIP/2.0/UDP 192.168.1.10:5000",
        "TCP | 5060 | REGISTER sip:1.2.3.4 SIP/2.0 Contact: <sip:192.168.1.10:5000>",
        "TCP | 6667 | PRIVMSG b :DCC SEND file 3232235786 5000 7",
        "TCP | 554  | SETUP rtsp://b/c RTSP/1.0 Transport: RTP/AVP;client_port=5000-5001",
        "UDP | 69   | read file octet",
        "UDP | 500  | NAT_DETECTION_SOURCE_IP 192.168.1.10 500"
      })
  void passAsTheyAreAndOpenNothing(String protocol, int port, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    try (var line = new Line(DOMAIN, 1)) {
      var home = line.connect(Ipv6Prefix.parse("2001:db8:1256::/48"));
      int number = protocol.equals("TCP") ? Protocol.TCP : Protocol.UDP;
      int free = home.gateway().napt().freePorts(number);
      assertThat(home.send(packet(protocol, port, payload))).isEqualTo(Pass.SENT);
      byte[] out = only(line.takeInternet());
      assertThat(SlowChecksum.problem(out)).isEmpty();
      assertThat(tail(out, payload.length)).isEqualTo(payload);
      assertThat(home.gateway().napt().freePorts(number)).isEqualTo(free - 1);
      refusesWhoComesToThePortOfTheText(line, home, number, out);
    }
  }

  /// Another port of the set, and 5000 itself, which is another home's.
  private static void refusesWhoComesToThePortOfTheText(
      Line line, Line.Home home, int protocol, byte[] out) {
    int ours = ByteBuffer.wrap(out).getShort(20) & 0xffff;
    String text = protocol == Protocol.TCP ? ": TCP [S], seq 1, data 0" : ": UDP, data 4";
    int last = home.identity().ports().port(239);
    int other = ours == last ? home.identity().ports().port(0) : last;
    String target = home.identity().ipv4().toString().replace("/32", "");
    line.fromInternet(PacketText.bytes("IP 1.2.3.4.20 > " + target + "." + other + text));
    line.fromInternet(PacketText.bytes("IP 1.2.3.4.20 > " + target + ".5000" + text));
    assertThat(home.takeArrived()).isEmpty();
    assertThat(home.gateway().inboundTally().packets(Drop.NO_MAPPING)).isOne();
  }
}
