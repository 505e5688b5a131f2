package watari.app.control;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv6Address;
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
  private final String name;
  private final int device;
  private final SequencedSet<Item> present = new LinkedHashSet<>();

  /// @param name of our device, which is open
  KernelState(String name) throws IOException {
    this.name = name;
    netlink = Netlink.open();
    device = index(name);
  }

  private int index(String name) throws IOException {
    return netlink
        .link(new InterfaceName(name))
        .map(Link::index)
        .orElseThrow(
            () -> new IOException("there is no network device " + name + "; 'ip link' lists them"));
  }

  /// When it fails half-way, [#close] takes away what was put in place until then.
  void become(Plan next) throws IOException {
    netlink.mtu(device, next.mtu());
    netlink.up(device);
    Difference difference = Difference.between(new Plan(name, next.mtu(), present), next);
    for (Item item : difference.removed()) {
      remove(item);
      present.remove(item);
    }
    for (Item item : difference.added()) {
      add(item);
      present.add(item);
    }
  }

  private void add(Item item) throws IOException {
    switch (item) {
      case Item.Forwarding() -> {
        Sysctl.ipv4Forwarding().write(1);
        Sysctl.ipv6Forwarding().write(1);
      }
      case Item.OwnSources() -> {
        Sysctl.acceptLocal(new InterfaceName(name)).write(1);
        Sysctl.rpFilter(new InterfaceName(name)).write(0);
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
      case Item.ProxyNeighbour(var address, String link) -> removeProxy(address, link);
      case Item.Ipv4Route(var prefix, int metric) ->
          netlink.remove(new Route(Cidr.of(prefix), device, metric));
      case Item.Ipv6Route(var prefix) -> netlink.remove(new Route(Cidr.of(prefix), device, 0));
    }
  }

  /// The entry goes with its device, and a line's device may go at any time.
  private void removeProxy(Ipv6Address address, String link) throws IOException {
    Optional<Link> found = netlink.link(new InterfaceName(link));
    if (found.isPresent()) {
      netlink.remove(new ProxyNeighbour(found.get().index(), address));
    }
  }

  /// Takes everything away, the last put in first; one that cannot be taken away does not keep the
  /// others.
  @Override
  public void close() throws IOException {
    @Nullable IOException first = null;
    for (Item item : present.reversed()) {
      try {
        remove(item);
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    present.clear();
    netlink.close();
    if (first != null) {
      throw first;
    }
  }
}
