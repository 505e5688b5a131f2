package watari.core.plan;

import watari.core.net.Ipv4Address;

/// By which way IPv4 crosses the line now.
public sealed interface LineMode {

  /// Through the tunnel.
  record MapE() implements LineMode {
    @Override
    public String toString() {
      return "map-e";
    }
  }

  /// By an address of the line's own.
  ///
  /// @param mtu the longest packet that the line takes
  record Native(Ipv4Address address, int mtu) implements LineMode {
    @Override
    public String toString() {
      return "native";
    }
  }

  /// Not at all; IPv6 goes on.
  record None() implements LineMode {
    @Override
    public String toString() {
      return "none";
    }
  }

  /// Whether hosts at home are seen under the same address and ports as with another mode.
  default boolean isLike(LineMode other) {
    return switch (this) {
      case Native(var address, _) ->
          other instanceof Native(var otherAddress, _) && address.equals(otherAddress);
      case MapE _, None _ -> equals(other);
    };
  }
}
