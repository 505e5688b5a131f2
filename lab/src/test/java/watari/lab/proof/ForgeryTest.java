package watari.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv6Address;
import watari.lab.line.Layout;
import watari.lab.line.Topology;

final class ForgeryTest {

  private final Forgery forgery =
      new Forgery(
          Ipv6Address.parse("2001:db8:12:3400:0:c000:212:34"),
          Ipv6Address.parse("2001:db8:ffff::1"),
          endpoint("192.0.2.18:4928"),
          endpoint("203.0.113.80:9000"),
          "odd");

  /// MAPE-02
  @Test
  void carriesIpv4RightBehindTheIpv6Header() {
    var bytes = forgery.bytes();
    assertThat(HexFormat.of().formatHex(bytes, 0, 40))
        .isEqualTo(
            "60000000001f0440"
                + "20010db8001234000000c00002120034"
                + "20010db8ffff00000000000000000001");
    assertThat(HexFormat.of().formatHex(bytes, 40, 50)).isEqualTo("4500001f000040004011");
    assertThat(HexFormat.of().formatHex(bytes, 52, 66))
        .isEqualTo("c0000212cb007150" + "13402328000b");
  }

  @Test
  void bothChecksumsAreRight() {
    var packet = ByteBuffer.wrap(forgery.bytes());
    assertThat(sum(packet, 40, 20)).isEqualTo(0xffff);
    var pseudo = ByteBuffer.allocate(12 + 12);
    pseudo.put(packet.array(), 52, 8).putShort((short) 17).putShort((short) 11);
    pseudo.put(packet.array(), 60, 11);
    assertThat(sum(pseudo, 0, 24)).isEqualTo(0xffff);
  }

  @Test
  void eachForgeryIsWrongInOneThingOnly() {
    var subscriber = new Topology(1, Layout.RFC7597).subscriber(1);
    var texts = Forged.of(subscriber).stream().map(f -> f.packet().text()).toList();
    assertThat(texts).doesNotHaveDuplicates().hasSize(7);
    for (var each : Forged.of(subscriber)) {
      var forged = each.packet();
      boolean outerIsRight = forged.outerSource().equals(subscriber.mapAddress());
      boolean innerIsRight =
          forged.innerSource().address().equals(subscriber.ipv4())
              && subscriber.owns(forged.innerSource().port());
      assertThat(outerIsRight).as(forged.text()).isNotEqualTo(innerIsRight);
    }
  }

  private static int sum(ByteBuffer bytes, int at, int length) {
    int sum = 0;
    for (int index = 0; index < length; index += 2) {
      sum += bytes.getShort(at + index) & 0xffff;
    }
    return (sum & 0xffff) + (sum >> 16);
  }

  private static Endpoint endpoint(String text) {
    try {
      return Endpoint.parse(text);
    } catch (Disproved wrong) {
      throw new AssertionError(wrong);
    }
  }
}
