package watari.host.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.host.driver.NextHop;
import watari.host.kernel.Cidr;
import watari.host.kernel.Forwarding;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.Link;
import watari.host.kernel.Neighbour;

final class NextHopsTest {
  private static final int ETH = 2;
  private static final int OTHER = 3;
  private static final int TUN = 4;
  private static final long OWN = 0x0200_0000_0001L;
  private static final long ROUTER = 0x0200_0000_0002L;
  private static final long HOST = 0x0200_0000_0003L;
  private static final Cidr ANY = new Cidr(false, 0, 0, 0);
  private static final NextHop BY_ROUTER = new NextHop(ETH, ROUTER, OWN, 1500);
  private static final NextHop TO_HOST = new NextHop(ETH, HOST, OWN, 1500);

  private static final List<Link> LINKS =
      List.of(
          new Link(ETH, new InterfaceName("eth0"), true, 1500, OWN),
          new Link(OTHER, new InterfaceName("eth1"), false, 1500, OWN + 16),
          new Link(TUN, new InterfaceName("watari0"), true, 65535, 0));

  private static final List<Neighbour> NEIGHBOURS =
      List.of(
          new Neighbour(ETH, host("192.0.2.1"), ROUTER, false),
          new Neighbour(ETH, host("192.0.2.7"), HOST, false),
          new Neighbour(ETH, host6("fe80::1"), ROUTER, false),
          new Neighbour(OTHER, host("198.51.100.1"), ROUTER, false));

  private static Cidr host(String address) {
    return Cidr.of(Ipv4Address.parse(address), 32);
  }

  private static Cidr host6(String address) {
    return Cidr.of(Ipv6Address.parse(address), 128);
  }

  private static Forwarding near(String target, int device) {
    return new Forwarding(Cidr.of(Ipv4Prefix.parse(target)), 0, device, Optional.empty());
  }

  private static Forwarding by(String target, int metric, int device, String router) {
    return new Forwarding(
        Cidr.of(Ipv4Prefix.parse(target)), metric, device, Optional.of(host(router)));
  }

  private static Forwarding by6(String target, int device, String router) {
    return new Forwarding(
        Cidr.of(Ipv6Prefix.parse(target)), 1024, device, Optional.of(host6(router)));
  }

  private static NextHops hops(Forwarding... routes) {
    return new NextHops(List.of(routes), NEIGHBOURS, LINKS);
  }

  private static NextHop to(NextHops hops, String address) {
    return hops.hops().get(hops.of(Ipv4Address.parse(address).bits()));
  }

  private static NextHop to6(NextHops hops, String prefix) {
    return hops.hops().get(hops.of(Ipv6Prefix.parse(prefix)));
  }

  @Test
  void theRouterHasWhatIsNotNearAndNeighboursAreSpokenToThemselves() {
    var hops = hops(by("0.0.0.0/0", 0, ETH, "192.0.2.1"), near("192.0.2.0/24", ETH));
    assertThat(to(hops, "8.8.8.8")).isEqualTo(BY_ROUTER);
    assertThat(to(hops, "224.0.0.9")).isEqualTo(BY_ROUTER);
    assertThat(to(hops, "192.0.2.7")).isEqualTo(TO_HOST);
    assertThat(to(hops, "192.0.2.1")).isEqualTo(BY_ROUTER);
    assertThat(to(hops, "192.0.2.9")).as("not asked for yet").isEqualTo(NextHop.UNKNOWN);
  }

  @Test
  void theLongestRouteWinsAndOfEqualsTheOneWithTheLowestMetric() {
    var hops =
        hops(
            by("10.1.0.0/16", 5, ETH, "192.0.2.7"),
            by("10.1.0.0/16", 9, ETH, "192.0.2.1"),
            by("10.0.0.0/8", 0, ETH, "192.0.2.1"),
            near("192.0.2.0/24", ETH));
    assertThat(to(hops, "10.1.2.3")).isEqualTo(TO_HOST);
    assertThat(to(hops, "10.2.2.3")).isEqualTo(BY_ROUTER);
    assertThat(to(hops, "11.0.0.1")).isEqualTo(NextHop.UNKNOWN);
  }

  @Test
  void whatCannotBeSaidInAdvanceIsTheKernels() {
    var hops =
        hops(
            by("10.1.0.0/16", 0, ETH, "192.0.2.1"),
            by("10.1.0.0/16", 0, ETH, "192.0.2.7"),
            by("10.2.0.0/16", 0, OTHER, "198.51.100.1"),
            by("10.3.0.0/16", 0, ETH, "192.0.2.99"),
            near("10.4.0.0/16", TUN),
            near("10.5.0.0/16", 0));
    for (String target : List.of("10.1.0.1", "10.2.0.1", "10.3.0.1", "10.4.0.1", "10.5.0.1")) {
      assertThat(to(hops, target)).as(target).isEqualTo(NextHop.UNKNOWN);
    }
    assertThat(hops.hops()).containsExactly(NextHop.UNKNOWN);
  }

  @Test
  void aNeighbourBehindALongerRouteToARouterIsNotSpokenToItself() {
    var hops = hops(near("192.0.2.0/24", ETH), by("192.0.2.0/28", 0, ETH, "192.0.2.99"));
    assertThat(to(hops, "192.0.2.7")).isEqualTo(NextHop.UNKNOWN);
  }

  @Test
  void aRuleHasOneNextHopWhereNoRouteDividesIt() {
    var hops =
        hops(by6("2001:db8::/32", ETH, "fe80::1"), by6("2001:db8:8000::/48", TUN, "fe80::9"));
    assertThat(to6(hops, "2001:db8::/40")).isEqualTo(BY_ROUTER);
    assertThat(to6(hops, "2001:db8:8000::/40")).as("divided").isEqualTo(NextHop.UNKNOWN);
    assertThat(to6(hops, "2001:db8:8000:1::/64")).as("no neighbour").isEqualTo(NextHop.UNKNOWN);
    assertThat(to6(hops, "2001:dead::/40")).as("no route").isEqualTo(NextHop.UNKNOWN);
  }

  @Test
  void aRouteMayTakeLessThanItsDeviceAndNeverMore() {
    var narrow = new Forwarding(ANY, 0, ETH, Optional.of(host("192.0.2.1")), 1400);
    assertThat(to(hops(narrow), "8.8.8.8").mtu()).isEqualTo(1400);
    var wide = new Forwarding(ANY, 0, ETH, Optional.of(host("192.0.2.1")), 9000);
    assertThat(to(hops(wide), "8.8.8.8").mtu()).isEqualTo(1500);
  }

  @Test
  void cellsHaveTheNumberPlusOne() {
    var hops = hops(by("0.0.0.0/0", 0, ETH, "192.0.2.1"));
    assertThat(hops.hops()).containsExactly(NextHop.UNKNOWN, BY_ROUTER);
    assertThat(Arrays.stream(hops.cells()).distinct()).containsExactly(2);
  }
}
