package watari.host.driver;

import watari.core.net.Refused;

/// A network card whose packets are to come by `AF_XDP`.
///
/// @param name of the interface
/// @param device its index
/// @param mtu the longest packet it carries
/// @param queues how many queues it receives by
/// @param map descriptor of the map (`BPF_MAP_TYPE_XSKMAP`) where the card's program looks for the
///   sockets of the card's queues
public record XdpPort(String name, int device, int mtu, int queues, int map) {
  /// With an Ethernet header it lies in a frame behind the room that the kernel keeps free.
  public static final int MTU_MAX = 3800;

  /// Refuses what does not go into a frame.
  public XdpPort {
    if (mtu > MTU_MAX) {
      throw new Refused(
          name
              + " has an MTU of "
              + mtu
              + ", and by AF_XDP at most "
              + MTU_MAX
              + " can be carried");
    }
  }
}
