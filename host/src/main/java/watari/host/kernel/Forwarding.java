package watari.host.kernel;

import java.util.Optional;

/// Where packets for a prefix go.
///
/// @param metric 32 bits without a sign; of several for one prefix, the lowest wins
/// @param device the index of the device; 0 where they go several ways or none, or it depends on
///   more than the target
/// @param router the next one, where the target is not at the device itself
/// @param mtu the longest packet that goes there; 0 where the device alone says so
public record Forwarding(Cidr target, int metric, int device, Optional<Cidr> router, int mtu) {
  /// A route that says nothing of packet lengths.
  public Forwarding(Cidr target, int metric, int device, Optional<Cidr> router) {
    this(target, metric, device, router, 0);
  }
}
