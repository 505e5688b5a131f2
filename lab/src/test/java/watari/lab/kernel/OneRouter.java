package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.host.kernel.Cidr;
import watari.host.kernel.Forwarding;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.Link;
import watari.host.kernel.Neighbour;
import watari.host.offload.NextHops;

/// The next hop of every packet: one router, which has an address of each family.
final class OneRouter {
  static final Ipv6Address IPV6 = Ipv6Address.parse("2001:db8:fff0::2");

  private static final int DEVICE = 7;
  private static final int TUN_DEVICE = 8;
  private static final Cidr ROUTER_4 = Cidr.of(Ipv4Address.parse("203.0.113.2"), 32);
  private static final Cidr ROUTER_6 = Cidr.of(IPV6, 128);

  private OneRouter() {}

  /// @param mtu of the device that leads there
  /// @param java what comes to the device of Java instead
  static NextHops nextHops(int mtu, Cidr... java) {
    var routes = new ArrayList<Forwarding>();
    routes.add(new Forwarding(new Cidr(false, 0, 0, 0), 0, DEVICE, Optional.of(ROUTER_4)));
    routes.add(new Forwarding(new Cidr(true, 0, 0, 0), 0, DEVICE, Optional.of(ROUTER_6)));
    for (Cidr target : java) {
      routes.add(new Forwarding(target, 0, TUN_DEVICE, Optional.empty()));
    }
    return new NextHops(
        routes,
        List.of(
            new Neighbour(DEVICE, ROUTER_4, 0x0200_0000_0002L, false),
            new Neighbour(DEVICE, ROUTER_6, 0x0200_0000_0002L, false)),
        List.of(
            new Link(DEVICE, new InterfaceName("eth0"), true, mtu, 0x0200_0000_0001L),
            new Link(TUN_DEVICE, new InterfaceName("tun0"), true, 65535, 0)));
  }

  /// Demands that a frame goes to it.
  static void demandAt(byte[] frame) {
    assertThat(Arrays.copyOf(frame, 12)).containsExactly(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1);
  }
}
