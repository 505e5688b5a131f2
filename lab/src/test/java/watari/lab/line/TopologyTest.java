package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Refused;

final class TopologyTest {

  private final Topology topology = new Topology(4, Layout.RFC7597);

  /// MAPE-25
  @Test
  void theFirstSubscriberIsTheExampleOfTheRfc() {
    var first = topology.subscriber(1);
    assertThat(first.endUserPrefix()).hasToString("2001:db8:12:3400::/56");
    assertThat(first.ipv4()).hasToString("192.0.2.18");
    assertThat(first.psid()).isEqualTo(0x34);
    assertThat(first.mapAddress()).hasToString("2001:db8:12:3400:0:c000:212:34");
  }

  /// MAPE-28
  @Test
  void theDraftLayoutIsEightBitsFurtherLeft() {
    var first = new Topology(1, Layout.DRAFT03).subscriber(1);
    assertThat(first.mapAddress()).hasToString("2001:db8:12:3400:c0:2:1200:3400");
  }

  @Test
  void twoNeighboursShareAnAddressAndNoPort() {
    var one = topology.subscriber(1);
    var two = topology.subscriber(2);
    assertThat(two.ipv4()).isEqualTo(one.ipv4());
    assertThat(two.endUserPrefix()).isNotEqualTo(one.endUserPrefix());
    assertThat(one.ports()).hasSize(Subscriber.PORTS).doesNotContainAnyElementsOf(two.ports());
    assertThat(topology.subscriber(3).ipv4()).isNotEqualTo(one.ipv4());
  }

  @Test
  void thePortsOfTheFirstSubscriberAreFifteenRanges() {
    assertThat(topology.subscriber(1).ports())
        .startsWith(0x1340, 0x1341)
        .contains(0x134f, 0x2340)
        .doesNotContain(0x0340, 0x1350)
        .endsWith(0xf34e, 0xf34f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyCableEndsAtAnInterfaceOfItsHost(int hosts) {
    var homes = topology.withHosts(hosts);
    var interfaces = new HashSet<String>();
    for (var node : homes.nodes()) {
      node.attachments().stream()
          .flatMap(attachment -> attachment.plugs().stream())
          .forEach(plug -> interfaces.add(node.name() + ":" + plug));
    }
    var ends = new HashSet<String>();
    for (var link : homes.links()) {
      assertThat(ends.add(link.left() + ":" + link.leftInterface())).isTrue();
      assertThat(ends.add(link.right() + ":" + link.rightInterface())).isTrue();
    }
    assertThat(ends).isEqualTo(interfaces);
  }

  @Test
  void theAccessNetworkHasNoIpv4() {
    var access =
        topology.nodes().stream().filter(n -> n.name().equals(Topology.ACCESS)).findFirst();
    assertThat(access).hasValueSatisfying(node -> assertThat(node.hasIpv4()).isFalse());
  }

  @Test
  void refusesMoreSubscribersOrHostsThanFit() {
    assertThatThrownBy(() -> new Topology(33, Layout.RFC7597))
        .isInstanceOf(Refused.class)
        .hasMessage("the lab has 1 to 32 subscribers, not 33");
    assertThatThrownBy(() -> new Topology(0, Layout.RFC7597)).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> topology.withHosts(51))
        .isInstanceOf(Refused.class)
        .hasMessage("a home of the lab has 1 to 50 hosts, not 51");
    assertThatThrownBy(() -> topology.withHosts(0)).isInstanceOf(Refused.class);
  }
}
