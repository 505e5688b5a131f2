package watari.host.offload;

import watari.host.kernel.InterfaceName;
import watari.host.kernel.Place;

/// A program that is in place at an interface.
public record Attachment(InterfaceName device, Place place) {
  /// Such as `eth0 (xdp native)`.
  @Override
  public String toString() {
    return device + " (" + place + ")";
  }
}
