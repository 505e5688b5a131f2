package watari.host.driver;

/// Where a packet goes next: out of a device, in an Ethernet frame.
///
/// @param device its index, 0 where the kernel must find the way
/// @param target the Ethernet address of the next router or the host, in the lower 48 bits
/// @param source the device's own
/// @param mtu the longest IP packet that can go there
public record NextHop(int device, long target, long source, int mtu) {
  /// Packets are left to the kernel.
  public static final NextHop UNKNOWN = new NextHop(0, 0, 0, 0);
}
