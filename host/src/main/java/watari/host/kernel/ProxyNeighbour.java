package watari.host.kernel;

import watari.core.net.Ipv6Address;

/// An IPv6 address that the machine answers neighbour solicitations for on a device, as if it were
/// its own (RFC 4861 §7.2.8; works where `proxy_ndp` of the device is 1).
///
/// @param device the index of the device
public record ProxyNeighbour(int device, Ipv6Address address) {

  /// What the kernel keeps with an entry of ours (`NDA_PROTOCOL`), so that it can be told from one
  /// of the operator's, also after a `kill -9`. Nobody in `rt_protos` of iproute2 has this number.
  static final int ORIGIN = 77;
}
