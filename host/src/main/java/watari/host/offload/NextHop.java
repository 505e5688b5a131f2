package watari.host.offload;

/// Where packets go that a program has made ready: out of a device, in an Ethernet frame.
///
/// @param device its index, 0 where nobody knows the way; packets are left to the kernel then
/// @param target the Ethernet address of the next router, in the lower 48 bits
/// @param source the device's own
public record NextHop(int device, long target, long source) {
  public static final NextHop UNKNOWN = new NextHop(0, 0, 0);
}
