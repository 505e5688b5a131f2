package watari.core.path;

/// Hears that a path carries less than the line.
@FunctionalInterface
public interface PathNews {
  /// Nobody needs to know.
  PathNews UNSAID = (_, _, _, _) -> {};

  /// A Packet Too Big message came that is believed, maybe not for the first time.
  ///
  /// @param high bits 0 to 63 of the far end of the tunnel
  /// @param low the other bits
  /// @param mtu of its path
  void narrowed(long high, long low, int mtu, long now);
}
