package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import watari.host.kernel.Forwarding;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Neighbour;
import watari.host.kernel.Netlink;

/// Keeps [HopMaps] as the machine's routes and neighbours are.
final class HopWatch {
  private final HopMaps hops;
  private Seen seen = new Seen(List.of(), List.of(), List.of());
  private NextHops next = new NextHops(List.of(), List.of(), List.of());
  private boolean isLed = true;

  /// What the kernel said last.
  private record Seen(List<Forwarding> routes, List<Neighbour> neighbours, List<Link> links) {}

  HopWatch(HopMaps hops) {
    this.hops = hops;
  }

  /// Looks again.
  ///
  /// @return whether the kernel's table fits
  boolean follow(Netlink netlink) throws KernelException {
    var routes = new ArrayList<>(netlink.forwarding(false));
    routes.addAll(netlink.forwarding(true));
    List<Neighbour> near = netlink.neighbours();
    var now = new Seen(routes, near.stream().map(Neighbour::confirmed).toList(), netlink.links());
    if (!now.equals(seen)) {
      next = new NextHops(now.routes, now.neighbours, now.links);
      isLed = hops.lead(next);
      seen = now;
    }
    confirm(near, netlink);
    return isLed;
  }

  /// The kernel makes sure of a router while it sends by it, and so it must be told who else does.
  private void confirm(List<Neighbour> near, Netlink netlink) throws KernelException {
    for (Neighbour one : near) {
      if (one.isStale() && next.isRouter(one)) {
        netlink.use(one);
      }
    }
  }

  /// The longest packet that every device takes from which frames are sent; 0 before the first
  /// look.
  int mtu() {
    return seen.links.stream()
        .filter(link -> link.isUp() && link.ethernet() != 0)
        .mapToInt(Link::mtu)
        .min()
        .orElse(0);
  }
}
