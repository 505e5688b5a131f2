package watari.app.config;

import java.util.HexFormat;
import watari.core.net.Ipv4Address;

/// How a service names its MAP-E addresses in the DNS: the eight hexadecimal digits of the address
/// between two fixed texts.
///
/// @param before the digits
/// @param behind the digits
public record ReverseName(String before, String behind) {

  /// As in `madb688001.ap.nuro.jp` for 219.104.128.1.
  public String of(Ipv4Address address) {
    return before + HexFormat.of().toHexDigits(address.bits()) + behind;
  }
}
