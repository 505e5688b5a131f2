package watari.app.control;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.plan.HostPorts;
import watari.core.plan.LineFacts;
import watari.host.kernel.DeviceAddress;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.kernel.Sysctl;

/// What the kernel says about the interface of the line. Looking needs no right and changes
/// nothing.
final class LineSight {
  private LineSight() {}

  /// The interface as it is now; it may come and go.
  static LineFacts look(String name) throws IOException {
    try (var netlink = Netlink.open()) {
      Optional<Link> link = netlink.link(new InterfaceName(name)).filter(Link::isUp);
      return link.isPresent() ? facts(netlink, link.get()) : LineFacts.NOTHING;
    }
  }

  private static LineFacts facts(Netlink netlink, Link link) throws KernelException {
    List<Ipv4Address> addresses =
        netlink.addresses().stream()
            .filter(address -> address.device() == link.index() && !address.address().isIpv6())
            .map(DeviceAddress::address)
            .map(cidr -> new Ipv4Address((int) cidr.low()))
            .toList();
    return new LineFacts(addresses, link.mtu());
  }

  /// Which ports this machine's own programs are given.
  static HostPorts hostPorts() throws IOException {
    int[] range = Sysctl.localPorts().readNumbers();
    return new HostPorts(range[0], range[1]);
  }
}
