package watari.core.path;

/// Where a way puts the packets it sends.
@FunctionalInterface
public interface Outbox {
  /// How many bytes before a packet an outbox may write over, for a header of its own.
  int HEADROOM = 16;

  /// Sends `length` bytes of the slab from `at` on. It has read them before it returns, so that the
  /// caller may use the memory again. The [#HEADROOM] bytes before `at` need not be as they were.
  ///
  /// @return whether the device took the packet
  boolean send(long at, int length);
}
