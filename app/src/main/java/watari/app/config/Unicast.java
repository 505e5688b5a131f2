package watari.app.config;

import java.util.List;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// Addresses that one host somewhere can have, and that packets can be sent to across a router.
final class Unicast {
  /// "This network", loopback, multicast, broadcast (RFC 6890, RFC 5771).
  private static final List<Ipv4Prefix> NO_HOSTS_IPV4 =
      List.of(
          Ipv4Prefix.parse("0.0.0.0/8"),
          Ipv4Prefix.parse("127.0.0.0/8"),
          Ipv4Prefix.parse("224.0.0.0/4"),
          Ipv4Prefix.parse("255.255.255.255/32"));

  /// Unspecified, loopback, link-local, multicast (RFC 4291 §2.4).
  private static final List<Ipv6Prefix> NO_HOSTS_IPV6 =
      List.of(
          Ipv6Prefix.parse("::/128"),
          Ipv6Prefix.parse("::1/128"),
          Ipv6Prefix.parse("fe80::/10"),
          Ipv6Prefix.parse("ff00::/8"));

  private Unicast() {}

  static Ipv4Address ipv4(String text) {
    Ipv4Address address = Ipv4Address.parse(text);
    demand(Ipv4Prefix.of(address.bits(), Integer.SIZE), text);
    return address;
  }

  static Ipv4Prefix ipv4Prefix(String text) {
    Ipv4Prefix prefix = Ipv4Prefix.parse(text);
    demand(prefix, text);
    return prefix;
  }

  static Ipv6Address ipv6(String text) {
    Ipv6Address address = Ipv6Address.parse(text);
    var whole = new Ipv6Prefix(address.high(), address.low(), 128);
    for (Ipv6Prefix none : NO_HOSTS_IPV6) {
      if (none.contains(whole)) {
        throw refused(text, none.toString());
      }
    }
    return address;
  }

  private static void demand(Ipv4Prefix prefix, String text) {
    for (Ipv4Prefix none : NO_HOSTS_IPV4) {
      if (none.overlaps(prefix)) {
        throw refused(text, none.toString());
      }
    }
  }

  private static Refused refused(String text, String none) {
    return new Refused(
        text + " is not for hosts that can be reached through a router: " + none + " is not");
  }
}
