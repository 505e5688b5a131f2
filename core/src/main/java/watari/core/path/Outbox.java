package watari.core.path;

/// Where a way puts the packets it sends.
@FunctionalInterface
public interface Outbox {
  /// Sends `length` bytes of the slab from `at` on. It has read them before it returns, so that the
  /// caller may use the memory again.
  ///
  /// @return whether the device took the packet
  boolean send(long at, int length);
}
