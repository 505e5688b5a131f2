package watari.host.kernel;

/// A host next to a device, whose Ethernet address the kernel knows.
///
/// @param device the index of the device
/// @param address a single one, of either family
/// @param ethernet in the lower 48 bits
/// @param isStale whether nothing has confirmed this for a while (`NUD_STALE`)
public record Neighbour(int device, Cidr address, long ethernet, boolean isStale) {
  /// The same, as if it had just been confirmed.
  public Neighbour confirmed() {
    return new Neighbour(device, address, ethernet, false);
  }
}
