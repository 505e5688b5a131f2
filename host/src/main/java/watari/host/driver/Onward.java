package watari.host.driver;

/// Says where packets go next.
@FunctionalInterface
public interface Onward {
  /// The next hop of the IP packet at offset `at` of the slab, or [NextHop#UNKNOWN], with which the
  /// kernel finds the way. Asked for each packet, on the thread of the door.
  NextHop next(long at);
}
