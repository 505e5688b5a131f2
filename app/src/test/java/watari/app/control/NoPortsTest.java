package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.nat.Grant;
import watari.core.nat.Holding.Claim;
import watari.core.nat.Wish;
import watari.core.net.Ipv4Address;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;

/// A line that has no address yet.
final class NoPortsTest {
  private static final int HOST = Ipv4Address.parse("192.168.1.10").bits();

  private final NoPorts ports = new NoPorts();

  @Test
  void nobodyCanHaveAPort() {
    for (int wanted : new int[] {0, 5000, 65_535}) {
      var wish = new Wish(Protocol.TCP, HOST, 80, Claim.EXPLICIT, wanted, wanted != 0);
      assertThat(ports.reserve(wish, 0)).isEqualTo(Grant.Refusal.NONE_FREE);
      assertThat(ports.isFree(Protocol.TCP, wanted)).isFalse();
    }
    ports.filter(Protocol.TCP, 5000, List.of());
    assertThat(ports.ofEndpoint(Protocol.TCP, HOST, 80, 0)).isEmpty();
    assertThat(ports.ofPort(Protocol.TCP, 5000, 0)).isEmpty();
    assertThat(ports.release(Protocol.TCP, 5000, 0)).isFalse();
    assertThat(ports.ports()).isEqualTo(PortSet.ALL);
  }

  /// By which the servers of PCP and NAT-PMP know that there is no line yet.
  @Test
  void hasNoAddress() {
    assertThat(ports.outerAddress()).isZero();
  }
}
