package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import watari.host.kernel.Forwarding;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Neighbour;
import watari.host.kernel.Netlink;

/// The machine's routes, neighbours and interfaces as they were when it was looked last.
final class Surroundings {
  private record Seen(List<Forwarding> routes, List<Neighbour> neighbours, List<Link> links) {}

  private Seen seen = new Seen(List.of(), List.of(), List.of());
  private NextHops next = new NextHops(List.of(), List.of(), List.of());

  /// Looks, and has the kernel make sure of routers that only we send by.
  ///
  /// @param sends which devices we can send by, by index
  /// @return the next hops where something has changed
  @Nullable NextHops follow(Netlink netlink, IntPredicate sends) throws KernelException {
    var routes = new ArrayList<>(netlink.forwarding(false));
    routes.addAll(netlink.forwarding(true));
    List<Neighbour> near = netlink.neighbours();
    var now = new Seen(routes, near.stream().map(Neighbour::confirmed).toList(), netlink.links());
    boolean isNew = !now.equals(seen);
    if (isNew) {
      var ours = now.links.stream().filter(link -> sends.test(link.index())).toList();
      next = new NextHops(now.routes, now.neighbours, ours);
      seen = now;
    }
    confirm(near, netlink);
    return isNew ? next : null;
  }

  /// The kernel makes sure of a router while it sends by it, and so it must be told who else does.
  private void confirm(List<Neighbour> near, Netlink netlink) throws KernelException {
    for (Neighbour one : near) {
      if (one.isStale() && next.isRouter(one)) {
        netlink.use(one);
      }
    }
  }

  /// The interfaces as they were at the last look.
  List<Link> links() {
    return seen.links;
  }
}
