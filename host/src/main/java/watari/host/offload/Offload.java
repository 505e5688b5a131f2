package watari.host.offload;

import java.util.List;
import watari.core.net.Ipv6Address;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;

/// The usual packets of one end of the tunnel, carried by the kernel. It begins to when [#attach]
/// and [#follow] have been called, and ends with [#close] or the process.
///
/// One thread at a time.
public interface Offload extends AutoCloseable {
  /// Puts the programs in place.
  ///
  /// @param ipv4 the devices that IPv4 packets come in by
  /// @param line the devices that packets of the tunnel come in by
  /// @return where they are, in the same order
  List<Attachment> attach(List<Link> ipv4, List<Link> line) throws KernelException;

  /// Follows the machine's routes and neighbours. Call it every second or so, and after a change.
  ///
  /// @return whether the kernel's table fits; where it does not, the kernel has all packets
  boolean follow(Netlink netlink) throws KernelException;

  /// Leaves long packets to Java that go to these far ends of tunnels, whose paths carry less than
  /// the line.
  void narrow(List<Ipv6Address> farEnds);

  @Override
  void close();
}
