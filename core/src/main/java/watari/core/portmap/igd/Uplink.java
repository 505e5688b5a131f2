package watari.core.portmap.igd;

import java.util.Optional;
import watari.core.net.Ipv4Address;

/// The way to the IPv4 Internet as it is now.
///
/// @param address what the Internet sees; empty while there is no way, or nobody knows which ports
///   are the home's
/// @param upSince when it came up
/// @param bitsPerSecond how fast the line is; 0 where nobody knows
/// @param traffic what went over it
public record Uplink(
    Optional<Ipv4Address> address, long upSince, long bitsPerSecond, Traffic traffic) {

  /// Counted since the start.
  public record Traffic(
      long bytesSent, long bytesReceived, long packetsSent, long packetsReceived) {}

  boolean isUp() {
    return address.isPresent();
  }

  String addressText() {
    return address.map(Ipv4Address::toString).orElse("");
  }

  String connectionStatus() {
    return isUp() ? "Connected" : "Disconnected";
  }

  String physicalLinkStatus() {
    return isUp() ? "Up" : "Down";
  }
}
