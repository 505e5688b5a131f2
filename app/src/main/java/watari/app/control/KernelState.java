package watari.app.control;

import java.io.IOException;
import watari.core.plan.Difference;
import watari.core.plan.Item;
import watari.core.plan.Plan;
import watari.host.kernel.Cidr;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.kernel.ProxyNeighbour;
import watari.host.kernel.Route;
import watari.host.kernel.Sysctl;

/// What of a plan is in the kernel; makes it become another plan, and takes all of it away when
/// closed.
///
/// Settings of the kernel as a whole, such as forwarding, are left as they are: others may rely on
/// them.
final class KernelState implements AutoCloseable {
  private static final int HEAR_ALTHOUGH_FORWARDING = 2;

  private final Netlink netlink;
  private final int device;
  private Plan now;

  /// @param device our device, which is open
  KernelState(String device) throws IOException {
    netlink = Netlink.open();
    this.device = index(device);
    now = Plan.empty(device);
  }

  private int index(String name) throws IOException {
    return netlink
        .link(new InterfaceName(name))
        .map(Link::index)
        .orElseThrow(
            () -> new IOException("there is no network device " + name + "; 'ip link' lists them"));
  }

  void become(Plan next) throws IOException {
    netlink.mtu(device, next.mtu());
    netlink.up(device);
    apply(Difference.between(now, next));
    now = next;
  }

  private void apply(Difference difference) throws IOException {
    for (Item item : difference.removed()) {
      remove(item);
    }
    for (Item item : difference.added()) {
      add(item);
    }
  }

  private void add(Item item) throws IOException {
    switch (item) {
      case Item.Forwarding() -> {
        Sysctl.ipv4Forwarding().write(1);
        Sysctl.ipv6Forwarding().write(1);
      }
      case Item.OwnSources() -> {
        Sysctl.acceptLocal(new InterfaceName(now.device())).write(1);
        Sysctl.rpFilter(new InterfaceName(now.device())).write(0);
      }
      case Item.RouterAdvertisements(String link) ->
          Sysctl.acceptRa(new InterfaceName(link)).write(HEAR_ALTHOUGH_FORWARDING);
      case Item.ProxyNeighbour(var address, String link) -> {
        Sysctl.proxyNdp(new InterfaceName(link)).write(1);
        netlink.add(new ProxyNeighbour(index(link), address));
      }
      case Item.Ipv4Route(var prefix, int metric) ->
          netlink.add(new Route(Cidr.of(prefix), device, metric));
      case Item.Ipv6Route(var prefix) -> netlink.add(new Route(Cidr.of(prefix), device, 0));
    }
  }

  private void remove(Item item) throws IOException {
    switch (item) {
      case Item.Forwarding(), Item.OwnSources(), Item.RouterAdvertisements(_) -> {
        // of the kernel as a whole, or gone with the device
      }
      case Item.ProxyNeighbour(var address, String link) ->
          netlink.remove(new ProxyNeighbour(index(link), address));
      case Item.Ipv4Route(var prefix, int metric) ->
          netlink.remove(new Route(Cidr.of(prefix), device, metric));
      case Item.Ipv6Route(var prefix) -> netlink.remove(new Route(Cidr.of(prefix), device, 0));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      apply(Difference.between(now, Plan.empty(now.device())));
    } finally {
      netlink.close();
    }
  }
}
