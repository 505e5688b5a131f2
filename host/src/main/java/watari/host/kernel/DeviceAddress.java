package watari.host.kernel;

/// An address of a network device.
///
/// @param device the index of the device
public record DeviceAddress(int device, Cidr address) {}
