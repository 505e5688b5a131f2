package watari.host.kernel;

/// A network device as it is.
///
/// @param index the kernel's number of the device, from 1
/// @param isUp whether it was set up (`IFF_UP`)
/// @param mtu bytes
public record Link(int index, InterfaceName name, boolean isUp, int mtu) {}
