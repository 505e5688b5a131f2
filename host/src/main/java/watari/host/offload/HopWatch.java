package watari.host.offload;

import watari.host.kernel.KernelException;
import watari.host.kernel.Netlink;

/// Keeps [HopMaps] as the machine's routes and neighbours are.
final class HopWatch {
  private final HopMaps hops;
  private final Surroundings surroundings = new Surroundings();
  private boolean isLed = true;

  HopWatch(HopMaps hops) {
    this.hops = hops;
  }

  /// Looks again.
  ///
  /// @return whether the kernel's table fits
  boolean follow(Netlink netlink) throws KernelException {
    NextHops changed = surroundings.follow(netlink);
    if (changed != null) {
      isLed = hops.lead(changed);
    }
    return isLed;
  }
}
