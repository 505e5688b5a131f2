package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Refused;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.PacketText;
import watari.core.wire.Slab;

/// A gateway that gets new settings while it runs.
final class GatewayNextTest {
  private static final int ROOM = 64 + 2048;
  private static final String OUT = "IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4";
  private static final String IN =
      "IP6 2001:db8:ffff::1 > 2001:db8:12:3400:0:c000:212:34: IP 1.2.3.4.80 > 192.0.2.18.1232: UDP,"
          + " data 4";

  private final long at = Slab.take(ROOM);
  private final List<byte[]> line = new ArrayList<>();
  private Gateway gateway = new Scenario.Settings("gateway").gateway((_, _) -> true, keep(line));

  private static Outbox keep(List<byte[]> place) {
    return (at, length) -> place.add(Slab.copy(at, length));
  }

  @AfterEach
  void close() {
    gateway.close();
    Slab.give(at, ROOM);
  }

  private Verdict out(String text) {
    return gateway.outbound(at + 64, write(text), 0);
  }

  private Verdict in(String text) {
    return gateway.inbound(at + 64, write(text), 0);
  }

  private int write(String text) {
    byte[] packet = PacketText.bytes(text);
    Slab.write(at + 64, packet, 0, packet.length);
    return packet.length;
  }

  private void become(Scenario.Settings wanted) {
    gateway = gateway.next(wanted.gatewaySettings(), new Randomness(5, 6), 0);
  }

  /// D-12: sessions, counters and events go on, and the new settings count.
  @Test
  void keepsSessionsWhereAddressAndPortSetAreTheSame() {
    assertThat(out(OUT)).isEqualTo(Pass.SENT);
    become(
        new Scenario.Settings("gateway")
            .set("mtu", "1280")
            .set("forward", "udp 1233 192.168.1.9 5"));
    assertThat(in(IN)).isEqualTo(Pass.SENT);
    assertThat(in(IN.replace(".1232:", ".1233:").replace("1.2.3.4", "9.9.9.9")))
        .isEqualTo(Pass.SENT);
    assertThat(gateway.napt().sessions()).isEqualTo(2);
    assertThat(gateway.outboundTally().packets(Pass.SENT)).isEqualTo(1);
    assertThat(gateway.tunnelMtu()).isEqualTo(1240);
  }

  @Test
  void beginsAnewWithAnotherPortSet() {
    assertThat(out(OUT)).isEqualTo(Pass.SENT);
    become(new Scenario.Settings("gateway").set("prefix", "2001:db8:12:3500::/56"));
    assertThat(gateway.napt().sessions()).isZero();
    assertThat(in(IN)).isEqualTo(Drop.OUTER_TARGET_NOT_OURS);
    line.clear();
    assertThat(out(OUT)).isEqualTo(Pass.SENT);
    assertThat(line).hasSize(1);
    assertThat(gateway.outboundTally().packets(Pass.SENT)).isEqualTo(2);
  }

  /// MAPE-58
  @Test
  void goesOnAsItWasWhenTheNewSettingsCannotBe() {
    assertThat(out(OUT)).isEqualTo(Pass.SENT);
    var wrong = new Scenario.Settings("gateway").set("forward", "udp 80 192.168.1.9 5");
    assertThatThrownBy(() -> become(wrong))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("port 80 cannot be forwarded, it is not one of ours");
    assertThat(in(IN)).isEqualTo(Pass.SENT);
  }
}
