package watari.host.kernel;

import java.util.Optional;

/// Where the main table leads packets for a prefix.
///
/// @param metric 32 bits without a sign; of several for one prefix, the lowest wins
/// @param device the index of the device; 0 where packets go several ways, or none
/// @param router the next one, where the target is not at the device itself
public record Forwarding(Cidr target, int metric, int device, Optional<Cidr> router) {}
