package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.plan.PolicyRule;
import watari.core.plan.PolicyRule.Course;
import watari.core.plan.Selector;
import watari.core.wire.Protocol;
import watari.host.driver.Tun;
import watari.host.kernel.Cidr;
import watari.host.kernel.DeviceAddress;
import watari.host.kernel.Errno;
import watari.host.kernel.Forwarding;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Netlink;
import watari.host.kernel.ProxyNeighbour;
import watari.host.kernel.Route;
import watari.lab.NeedsNamespaces;

/// Netlink against the kernel; `ip` says what is there.
@NeedsNamespaces
final class NetlinkTest {
  private static final InterfaceName NAME = new InterfaceName("watari0");
  private static final int NO_DEVICE = 9999;
  private static final Selector INBOUND =
      Selector.ALL.by("wan0").to(Ipv4Prefix.parse("198.51.100.2/32"));
  private static final Selector OUTBOUND = Selector.ALL.from(Ipv4Prefix.parse("192.168.1.0/24"));
  private static final List<PolicyRule> RULES =
      List.of(
          new PolicyRule(0, OUTBOUND.by("wan0"), Course.NOWHERE),
          new PolicyRule(0, Selector.ALL.by("watari0"), Course.LOCAL),
          new PolicyRule(0, INBOUND.of(Protocol.UDP).ports(32_768, 60_999), Course.LOCAL),
          new PolicyRule(0, INBOUND.of(Protocol.UDP).ports(40_000, 40_000), Course.OURS),
          new PolicyRule(0, INBOUND.of(Protocol.UDP), Course.OURS),
          new PolicyRule(0, INBOUND.of(Protocol.TCP), Course.OURS),
          new PolicyRule(PolicyRule.BEFORE_MAIN, OUTBOUND, Course.NEARBY),
          new PolicyRule(PolicyRule.BEFORE_MAIN + 1, OUTBOUND, Course.OURS));

  /// A step with a namespace, a netlink socket in it and the index of a TUN device.
  private interface Step {
    void run(Namespace namespace, Netlink netlink, int device) throws Exception;
  }

  private static void withDevice(Step step) throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var _ = Tun.open(NAME.text());
            var netlink = Netlink.open()) {
          step.run(namespace, netlink, netlink.link(NAME).orElseThrow().index());
        }
      });
    }
  }

  @Test
  void findsADeviceByItsName() throws Exception {
    withDevice((namespace, netlink, device) -> {
      assertThat(namespace.ip("-j", "link", "show", "watari0"))
          .contains("\"ifindex\":" + device + ",");
      assertThat(netlink.link(NAME).orElseThrow().name()).isEqualTo(NAME);
      assertThat(netlink.link(new InterfaceName("elsewhere"))).isEmpty();
    });
  }

  @Test
  void setsADeviceUpAndDownTwice() throws Exception {
    withDevice((namespace, netlink, device) -> {
      netlink.up(device);
      netlink.up(device);
      assertThat(netlink.link(NAME).orElseThrow().isUp()).isTrue();
      assertThat(namespace.ip("-j", "link", "show", "watari0")).contains("\"UP\"");
      netlink.down(device);
      netlink.down(device);
      assertThat(netlink.link(NAME).orElseThrow().isUp()).isFalse();
      assertThat(namespace.ip("-j", "link", "show", "watari0")).doesNotContain("\"UP\"");
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1280, 1500, 65535})
  void setsTheMtu(int mtu) throws Exception {
    withDevice((namespace, netlink, device) -> {
      netlink.mtu(device, mtu);
      netlink.mtu(device, mtu);
      assertThat(netlink.link(NAME).orElseThrow().mtu()).isEqualTo(mtu);
      assertThat(namespace.ip("-j", "link", "show", "watari0")).contains("\"mtu\":" + mtu);
    });
  }

  @Test
  void tellsWhyTheKernelRefusesAnMtu() throws Exception {
    withDevice((_, netlink, device) ->
        assertThatExceptionOfType(KernelException.class)
            .isThrownBy(() -> netlink.mtu(device, 70_000))
            .matches(e -> e.is(Errno.EINVAL))
            .withMessageStartingWith("setting the MTU of network device " + device)
            .withMessageEndingWith("the kernel says: mtu greater than device maximum"));
  }

  /// What depends on more than the target, or is changed on its way, has no device here.
  @Test
  void saysWhereRoutesLead() throws Exception {
    withDevice((namespace, netlink, device) -> {
      namespace.ip("link", "set", "watari0", "addrgenmode", "none", "up");
      namespace.ip("address", "add", "198.51.100.1/32", "dev", "watari0");
      String router = "via 198.51.100.2 dev watari0 onlink";
      for (String route :
          List.of(
              "10.1.0.0/16 " + router + " metric 7",
              "10.2.0.0/16 " + router + " mtu 1400",
              "blackhole 10.3.0.0/16",
              "10.4.0.0/16 encap ip id 100 dst 192.0.2.1 " + router,
              "10.5.0.0/16 tos 0x10 " + router + " metric 7",
              "10.6.0.0/16 table 100 " + router)) {
        namespace.ip(("route add " + route).split(" "));
      }
      Optional<Cidr> hop = Optional.of(Cidr.of(Ipv4Address.parse("198.51.100.2"), 32));
      assertThat(netlink.forwarding(false))
          .containsExactlyInAnyOrder(
              new Forwarding(prefix("10.1.0.0/16"), 7, device, hop, 0),
              new Forwarding(prefix("10.2.0.0/16"), 0, device, hop, 1400),
              new Forwarding(prefix("10.3.0.0/16"), 0, 0, Optional.empty(), 0),
              new Forwarding(prefix("10.4.0.0/16"), 0, 0, hop, 0),
              new Forwarding(prefix("10.5.0.0/16"), 0, 0, hop, 0),
              new Forwarding(prefix("198.51.100.1/32"), 0, 0, Optional.empty(), 0));
    });
  }

  private static Cidr prefix(String text) {
    return Cidr.of(Ipv4Prefix.parse(text));
  }

  @Test
  void addsAndRemovesAddressesOfBothFamiliesTwice() throws Exception {
    withDevice((namespace, netlink, device) -> {
      var ipv4 = new DeviceAddress(device, Cidr.of(Ipv4Address.parse("192.0.2.1"), 24));
      var ipv6 = new DeviceAddress(device, Cidr.of(Ipv6Address.parse("2001:db8::1"), 64));
      for (int i = 0; i < 2; i++) {
        netlink.add(ipv4);
        netlink.add(ipv6);
      }
      assertThat(netlink.addresses()).contains(ipv4, ipv6).doesNotHaveDuplicates();
      assertThat(namespace.ip("-j", "address", "show", "watari0"))
          .contains("\"local\":\"192.0.2.1\",\"prefixlen\":24")
          .contains("\"local\":\"2001:db8::1\",\"prefixlen\":64");
      for (int i = 0; i < 2; i++) {
        netlink.remove(ipv4);
        netlink.remove(ipv6);
      }
      assertThat(netlink.addresses()).doesNotContain(ipv4, ipv6);
      assertThat(namespace.ip("-j", "address", "show", "watari0"))
          .doesNotContain("192.0.2.1", "2001:db8::1");
    });
  }

  @Test
  void setsAndRemovesRoutesOfBothFamiliesTwice() throws Exception {
    withDevice((namespace, netlink, device) -> {
      netlink.up(device);
      var ipv4 = new Route(Cidr.of(Ipv4Prefix.parse("198.51.100.0/24")), device, 50);
      var ipv6 = new Route(Cidr.of(Ipv6Prefix.parse("2001:db8:1::/48")), device, 0);
      var rest = new Route(Cidr.of(Ipv4Prefix.parse("0.0.0.0/0")), device, 0);
      for (int i = 0; i < 2; i++) {
        netlink.set(ipv4);
        netlink.set(ipv6);
        netlink.set(rest);
      }
      assertThat(netlink.routes()).contains(ipv4, ipv6, rest).doesNotHaveDuplicates();
      assertThat(namespace.ip("-j", "route"))
          .contains("\"dst\":\"default\",\"dev\":\"watari0\"")
          .contains("\"dst\":\"198.51.100.0/24\",\"dev\":\"watari0\",\"protocol\":\"static\"")
          .contains("\"metric\":50");
      assertThat(namespace.ip("-j", "-6", "route"))
          .contains("\"dst\":\"2001:db8:1::/48\",\"dev\":\"watari0\"");
      for (int i = 0; i < 2; i++) {
        netlink.remove(ipv4);
        netlink.remove(ipv6);
        netlink.remove(rest);
      }
      assertThat(netlink.routes()).doesNotContain(ipv4, ipv6, rest);
      assertThat(namespace.ip("-j", "route")).isEqualTo("[]");
    });
  }

  @Test
  void aRouteOfTheSameTargetAndMetricMovesToItsNewDevice() throws Exception {
    withDevice((_, netlink, device) -> {
      try (var _ = Tun.open("watari1")) {
        int other = netlink.link(new InterfaceName("watari1")).orElseThrow().index();
        netlink.up(device);
        netlink.up(other);
        for (var target :
            new Cidr[] {
              Cidr.of(Ipv4Prefix.parse("198.51.100.0/24")),
              Cidr.of(Ipv6Prefix.parse("2001:db8:1::/48"))
            }) {
          netlink.set(new Route(target, device, 50));
          netlink.set(new Route(target, other, 50));
          assertThat(netlink.routes())
              .filteredOn(route -> route.target().equals(target))
              .containsExactly(new Route(target, other, 50));
        }
      }
    });
  }

  @Test
  void leavesRoutesThroughARouterAndOtherTablesOut() throws Exception {
    withDevice((namespace, netlink, device) -> {
      netlink.up(device);
      namespace.ip("address", "add", "192.0.2.1/24", "dev", "watari0");
      namespace.ip("route", "add", "198.51.100.0/24", "via", "192.0.2.2");
      namespace.ip("route", "add", "203.0.113.0/24", "dev", "watari0", "table", "99");
      assertThat(netlink.routes())
          .filteredOn(route -> !route.target().isIpv6())
          .containsExactly(new Route(Cidr.of(Ipv4Prefix.parse("192.0.2.0/24")), device, 0));
    });
  }

  @Test
  void addsAndRemovesAProxyNeighbourTwice() throws Exception {
    withDevice((namespace, netlink, device) -> {
      var neighbour = new ProxyNeighbour(device, Ipv6Address.parse("2001:db8::99"));
      netlink.add(neighbour);
      netlink.add(neighbour);
      assertThat(netlink.proxies()).containsExactly(neighbour);
      assertThat(namespace.ip("-j", "-6", "neighbour", "show", "proxy"))
          .contains("\"dst\":\"2001:db8::99\",\"dev\":\"watari0\"");
      netlink.remove(neighbour);
      netlink.remove(neighbour);
      assertThat(netlink.proxies()).isEmpty();
    });
  }

  @Test
  void whatWasOnARemovedDeviceMayBeRemovedStill() throws Exception {
    withDevice((_, netlink, _) -> {
      var address = Cidr.of(Ipv4Address.parse("192.0.2.1"), 24);
      var target = Cidr.of(Ipv6Prefix.parse("2001:db8:1::/48"));
      netlink.remove(new DeviceAddress(NO_DEVICE, address));
      netlink.remove(new Route(target, NO_DEVICE, 0));
      netlink.remove(new ProxyNeighbour(NO_DEVICE, Ipv6Address.parse("2001:db8::99")));
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() -> netlink.add(new DeviceAddress(NO_DEVICE, address)))
          .matches(e -> e.is(Errno.ENODEV));
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() -> netlink.set(new Route(target, NO_DEVICE, 0)));
      assertThatExceptionOfType(KernelException.class).isThrownBy(() -> netlink.up(NO_DEVICE));
    });
  }

  @Test
  void listsMoreThanFitsIntoOneAnswer() throws Exception {
    withDevice((_, netlink, device) -> {
      netlink.up(device);
      for (int i = 0; i < 2000; i++) {
        netlink.set(new Route(Cidr.of(new Ipv4Address(0x0a00_0000 + i), 32), device, 0));
      }
      assertThat(netlink.routes()).filteredOn(route -> !route.target().isIpv6()).hasSize(2000);
    });
  }

  @Test
  void addsAndRemovesRulesTwiceAndKeepsTheirOrder() throws Exception {
    withDevice((namespace, netlink, _) -> {
      var before = namespace.ip("rule");
      for (int i = 0; i < 2; i++) {
        for (var rule : RULES) {
          netlink.add(rule);
        }
      }
      assertThat(netlink.rules()).containsExactlyElementsOf(RULES);
      assertThat(namespace.ip("rule").replace(" [detached]", ""))
          .contains(
              "from 192.168.1.0/24 iif wan0 blackhole",
              "to 198.51.100.2 iif wan0 ipproto udp dport 32768-60999 lookup local",
              "to 198.51.100.2 iif wan0 ipproto udp lookup 7597",
              "from 192.168.1.0/24 lookup main suppress_prefixlength 0");
      for (int i = 0; i < 2; i++) {
        for (var rule : RULES.reversed()) {
          netlink.remove(rule);
        }
      }
      assertThat(namespace.ip("rule")).isEqualTo(before);
    });
  }

  /// What says less would match what says more, too.
  @Test
  void removesTheRuleThatIsMeantAndNoOther() throws Exception {
    withDevice((_, netlink, _) -> {
      for (var gone : RULES) {
        for (var rule : RULES) {
          netlink.add(rule);
        }
        netlink.remove(gone);
        assertThat(netlink.rules()).hasSize(RULES.size() - 1).doesNotContain(gone);
        netlink.add(gone);
        for (var rule : RULES) {
          netlink.remove(rule);
        }
      }
    });
  }

  @Test
  void leavesTheRulesOfTheOperatorAlone() throws Exception {
    withDevice((namespace, netlink, _) -> {
      namespace.ip("rule", "add", "pref", "100", "from", "192.168.1.0/24", "lookup", "99");
      assertThat(netlink.rules()).isEmpty();
      netlink.lookUpLocalBehind();
      assertThat(namespace.ip("rule", "list", "pref", "0")).contains("lookup local");
    });
  }

  @Test
  void looksUpTheMachinesAddressesOnceAndBehindOurRules() throws Exception {
    withDevice((namespace, netlink, _) -> {
      var before = namespace.ip("rule");
      for (var rule : RULES) {
        netlink.add(rule);
        netlink.lookUpLocalBehind();
        netlink.lookUpLocalBehind();
        assertThat(namespace.ip("rule", "list", "pref", "0").strip())
            .endsWith("from all lookup local")
            .containsOnlyOnce("from all lookup local");
      }
      for (var rule : RULES) {
        netlink.remove(rule);
      }
      assertThat(namespace.ip("rule")).isEqualTo(before);
    });
  }

  @Test
  void anOperatorWhoLooksUpTheMachinesAddressesLaterMayGoOn() throws Exception {
    withDevice((namespace, netlink, _) -> {
      namespace.ip("rule", "add", "pref", "32765", "lookup", "local");
      namespace.ip("rule", "del", "pref", "0");
      netlink.add(RULES.getFirst());
      var before = namespace.ip("rule");
      netlink.lookUpLocalBehind();
      assertThat(namespace.ip("rule")).isEqualTo(before);
    });
  }

  @Test
  void setsARouteInATableOfItsOwn() throws Exception {
    withDevice((namespace, netlink, device) -> {
      netlink.up(device);
      var route = new Route(7597, Cidr.of(Ipv4Prefix.parse("0.0.0.0/0")), device, 0);
      netlink.add(route);
      assertThat(netlink.routes()).doesNotContain(route);
      assertThat(netlink.routes(7597)).containsExactly(route);
      assertThat(namespace.ip("route", "show", "table", "7597")).contains("default dev watari0");
      netlink.remove(route);
      assertThat(netlink.routes(7597)).isEmpty();
    });
  }

  @Test
  void takesNothingForACardThatTheKernelMadeUp() throws Exception {
    withDevice((namespace, netlink, device) -> {
      namespace.ip("link", "add", "pair0", "type", "veth", "peer", "pair1");
      int pair = netlink.link(new InterfaceName("pair0")).orElseThrow().index();
      int loopback = netlink.link(new InterfaceName("lo")).orElseThrow().index();
      for (int virtual : new int[] {device, pair, loopback}) {
        assertThat(netlink.isCard(virtual)).isFalse();
      }
    });
  }

  @Test
  void listsAllDevices() throws Exception {
    withDevice((_, netlink, _) ->
        assertThat(netlink.links())
            .extracting(link -> link.name().text())
            .contains("lo", "watari0"));
  }
}
