package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.nat.Randomness;
import watari.core.net.Refused;
import watari.core.path.TunnelSettings.CongestionMark;
import watari.core.wire.PacketText;
import watari.core.wire.Slab;

final class TunnelSettingsTest {
  /// TUN-05, TUN-08, TUN-09, TUN-10: no extension header, hop limit 64, class copied, flow label 0.
  @Test
  void theOuterHeaderIsByDefaultThese40Bytes() {
    byte[] inner =
        PacketText.bytes("IP 192.0.2.18.1232 > 1.2.3.4.80, tos 0x89, ttl 5: UDP, data 4");
    int room = 64 + inner.length;
    long at = Slab.take(room);
    Slab.write(at + 64, inner, 0, inner.length);
    var sent = new ArrayList<byte[]>();
    var tunnel =
        new Tunnel(
            new TunnelSettings(1500),
            (from, length) -> sent.add(Slab.copy(from, length)),
            new Randomness(1, 2));
    tunnel.enter(
        at + 64, inner.length, 0x20010db800123400L, 0xc00002120034L, 0x20010db8ffff0000L, 1);
    Slab.give(at, room);
    assertThat(HexFormat.of().formatHex(sent.getFirst()))
        .isEqualTo(
            "68900000"
                + "00200440"
                + "20010db8001234000000c00002120034"
                + "20010db8ffff00000000000000000001"
                + HexFormat.of().formatHex(inner));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1279 | 64 | -1 | the MTU of an IPv6 line is 1280 to 65535 bytes, not 1279",
        "65536 | 64 | -1 | the MTU of an IPv6 line is 1280 to 65535 bytes, not 65536",
        "1500 | 0 | -1 | a hop limit is 1 to 255, not 0",
        "1500 | 256 | -1 | a hop limit is 1 to 255, not 256",
        "1500 | 64 | -2 | a fixed traffic class is 0 to 252, not -2",
        "1500 | 64 | 256 | a fixed traffic class is 0 to 252, not 256",
        "1500 | 64 | 185 | the last two bits of the traffic class 185 are the congestion mark, which"
            + " cannot be fixed (RFC 6040 section 4.1); use 184"
      })
  void refusesWhatCannotBe(int mtu, int hopLimit, int trafficClass, String why) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new TunnelSettings(mtu, hopLimit, trafficClass, CongestionMark.COPIED))
        .withMessage(why);
  }
}
