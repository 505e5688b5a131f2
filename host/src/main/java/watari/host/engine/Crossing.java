package watari.host.engine;

import watari.core.path.Gateway;
import watari.core.path.Native;
import watari.core.path.Relay;
import watari.core.wire.Slab;

/// What a worker does with the packets of its door, on one thread.
public interface Crossing {
  /// Takes the packet of `length` bytes at offset `at` of the slab.
  ///
  /// @param now milliseconds of a clock that only goes forward
  void cross(long at, int length, long now);

  /// Lets time pass, several times a second.
  void tick(long now);

  /// Carries what other workers hand over; most have no others.
  ///
  /// @return how many packets that was
  default int takeOver(long now) {
    return 0;
  }

  /// One device carries both families: IPv6 comes from the line, everything else from the home.
  static Crossing of(Gateway gateway) {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        if (isIpv6(at)) {
          gateway.inbound(at, length, now);
        } else {
          gateway.outbound(at, length, now);
        }
      }

      @Override
      public void tick(long now) {
        gateway.tick(now);
      }
    };
  }

  /// One device carries both directions; what comes from the home has a source there.
  static Crossing of(Native plain) {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        if (plain.isOfHome(at)) {
          plain.outbound(at, length, now);
        } else {
          plain.inbound(at, length, now);
        }
      }

      @Override
      public void tick(long now) {
        plain.tick(now);
      }
    };
  }

  /// One device carries both families: IPv6 comes from the line, everything else from the Internet.
  static Crossing of(Relay relay) {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        if (isIpv6(at)) {
          relay.upstream(at, length, now);
        } else {
          relay.downstream(at, length, now);
        }
      }

      @Override
      public void tick(long now) {
        relay.tick(now);
      }
    };
  }

  /// There is no way; what comes is not looked at.
  static Crossing nowhere() {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        // the kernel sends nothing here but what it says to every device on its own
      }

      @Override
      public void tick(long now) {
        // nothing waits
      }
    };
  }

  /// Whether a packet is of IPv6, as far as its first byte says.
  static boolean isIpv6(long at) {
    return Slab.byteAt(at) >>> 4 == 6;
  }
}
