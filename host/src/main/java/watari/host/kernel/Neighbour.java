package watari.host.kernel;

/// A host next to a device, whose Ethernet address the kernel knows.
///
/// @param device the index of the device
/// @param address a single one, of either family
/// @param ethernet in the lower 48 bits
public record Neighbour(int device, Cidr address, long ethernet) {}
