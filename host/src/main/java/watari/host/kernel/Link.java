package watari.host.kernel;

/// A network device as it is.
///
/// @param index the kernel's number of the device, from 1
/// @param isUp whether it was set up (`IFF_UP`)
/// @param mtu bytes
/// @param ethernet its Ethernet address in the lower 48 bits; 0 where it has none
public record Link(int index, InterfaceName name, boolean isUp, int mtu, long ethernet) {}
