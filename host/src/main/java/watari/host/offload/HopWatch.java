package watari.host.offload;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;

/// Keeps [HopMaps] as the machine's routes and neighbours are.
final class HopWatch {
  private final Hook hook;
  private final HopMaps hops;
  private final Surroundings surroundings = new Surroundings();
  private final Set<Integer> devices = new HashSet<>();
  private boolean isLed = true;

  /// At the driver only a device takes frames that has a place for programs, as those have where
  /// ours are; to a VLAN or a bridge they would be lost.
  HopWatch(Hook hook, HopMaps hops) {
    this.hook = hook;
    this.hops = hops;
  }

  private boolean canSend(int device) {
    return hook == Hook.TC || devices.contains(device);
  }

  /// Frames come in by these devices too from now on.
  void add(List<Link> more) {
    more.forEach(device -> devices.add(device.index()));
    hops.receiveAt(more);
  }

  /// Looks again.
  ///
  /// @return whether the kernel's table fits
  boolean follow(Netlink netlink) throws KernelException {
    NextHops changed = surroundings.follow(netlink, this::canSend);
    if (changed != null) {
      isLed = hops.lead(changed);
      var links = surroundings.links().stream();
      hops.receiveAt(links.filter(link -> devices.contains(link.index())).toList());
    }
    return isLed;
  }
}
