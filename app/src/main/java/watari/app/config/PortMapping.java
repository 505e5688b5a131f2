package watari.app.config;

import watari.core.portmap.LeaseLimits;

/// By which protocols hosts at home may ask for ports.
///
/// @param limits how many they may have
public record PortMapping(boolean pcp, boolean natPmp, boolean upnp, LeaseLimits limits) {
  /// All of them.
  public static final PortMapping DEFAULT = new PortMapping(true, true, true, LeaseLimits.DEFAULT);
}
