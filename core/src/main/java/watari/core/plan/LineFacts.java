package watari.core.plan;

import java.util.List;
import watari.core.net.Ipv4Address;
import watari.core.path.Martians;

/// What can be seen of the interface of the line.
///
/// @param addresses its IPv4 addresses, the first one first
/// @param mtu the longest packet it takes, in bytes; 0 where there is no such interface
public record LineFacts(List<Ipv4Address> addresses, int mtu) {

  /// Of a line without an interface of its own, or one that is not there now.
  public static final LineFacts NOTHING = new LineFacts(List.of(), 0);

  public LineFacts {
    addresses = List.copyOf(addresses);
  }

  /// Whether the Internet can send to the address. One that is private, of the link, or shared by a
  /// provider's translator (RFC 6598) is not the line's own.
  static boolean isGlobal(Ipv4Address address) {
    return !Martians.has(address.bits());
  }

  boolean has(Ipv4Address address) {
    return addresses.contains(address);
  }
}
