package watari.core.path;

import org.jspecify.annotations.Nullable;

/// A place in a ring of waiting packets. A ring has one place without a packet, its head; behind it
/// comes the packet that joined first.
final class Link {
  private final @Nullable Datagram datagram;
  private Link before = this;
  private Link behind = this;

  private Link(@Nullable Datagram datagram) {
    this.datagram = datagram;
  }

  /// An empty ring.
  static Link head() {
    return new Link(null);
  }

  /// A place that is in no ring yet.
  static Link of(Datagram datagram) {
    return new Link(datagram);
  }

  /// Puts a place, which is in no ring, at the end of the ring that this is the head of.
  void append(Link place) {
    place.before = before;
    place.behind = this;
    before.behind = place;
    before = place;
  }

  /// Leaves the ring.
  void leave() {
    before.behind = behind;
    behind.before = before;
    before = this;
    behind = this;
  }

  /// The next place, which is the head behind the last one.
  Link behind() {
    return behind;
  }

  /// The packet at this place; null at the head.
  @Nullable Datagram datagram() {
    return datagram;
  }

  /// The first packet of the ring that this is the head of, `other` not counted; null if there is
  /// none.
  @Nullable Datagram firstBut(@Nullable Datagram other) {
    boolean isOther = behind.datagram == other && behind != this;
    return isOther ? behind.behind.datagram : behind.datagram;
  }
}
