package watari.core.path;

import java.util.List;
import watari.core.nat.NatSettings;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;

/// All that a gateway on a line with an IPv4 address of its own needs to know.
///
/// @param address of the line, which the home shares with this machine
/// @param lineMtu the longest IPv4 packet that the line takes
/// @param homePrefixes where hosts at home have their addresses
/// @param homeAddress the gateway's own address at home; its ICMP errors come from there
/// @param nat what the translator is told; its dynamic ports are none that this machine's own
///   programs are given
/// @param manners whom it tells what it refuses; every protocol crosses, so of these it says
///   nothing
/// @param fragments what is done about fragments
public record NativeSettings(
    Ipv4Address address,
    int lineMtu,
    List<Ipv4Prefix> homePrefixes,
    Ipv4Address homeAddress,
    NatSettings nat,
    Manners manners,
    FragmentSettings fragments) {

  /// A whole datagram of this length every host takes (RFC 791 §3.1).
  private static final int MTU_MIN = 576;

  public NativeSettings {
    homePrefixes = List.copyOf(homePrefixes);
    if (lineMtu < MTU_MIN || lineMtu > 65_535) {
      throw new Refused("the IPv4 MTU of a line is 576 to 65535, not " + lineMtu);
    }
    checkHome(homePrefixes, address);
  }

  private static void checkHome(List<Ipv4Prefix> prefixes, Ipv4Address address) {
    if (prefixes.isEmpty()) {
      throw new Refused("a gateway needs at least one prefix of the home, such as 192.168.1.0/24");
    }
    for (Ipv4Prefix prefix : prefixes) {
      if (prefix.contains(address.bits())) {
        throw new Refused(
            "the home's prefix " + prefix + " contains the address " + address + " of the line");
      }
    }
  }
}
