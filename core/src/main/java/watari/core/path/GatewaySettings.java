package watari.core.path;

import java.util.List;
import watari.core.nat.NatSettings;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;
import watari.core.rule.Identity;
import watari.core.rule.MapDomain;

/// All that a gateway needs to know.
///
/// @param identity what the home is in IPv4
/// @param domain the domain it belongs to
/// @param tunnel what its tunnel is like
/// @param homePrefixes where hosts at home have their addresses
/// @param homeAddress the gateway's own address at home; its ICMP errors come from there
/// @param nat what the translator is told
/// @param manners who hears of refused packets
/// @param fragments what is done about fragments
/// @param routing who lowers the time to live
public record GatewaySettings(
    Identity identity,
    MapDomain domain,
    TunnelSettings tunnel,
    List<Ipv4Prefix> homePrefixes,
    Ipv4Address homeAddress,
    NatSettings nat,
    Manners manners,
    FragmentSettings fragments,
    Routing routing) {

  public GatewaySettings {
    homePrefixes = List.copyOf(homePrefixes);
    checkEnds(identity, domain);
    checkHome(homePrefixes, identity);
  }

  /// A tunnel goes to somebody else.
  ///
  /// @throws Refused when both ends of the tunnel are ourselves
  public static void checkEnds(Identity identity, MapDomain domain) {
    if (identity.mapAddress().equals(domain.relay())) {
      throw new Refused(
          "the relay "
              + domain.relay()
              + " is our own MAP address; a tunnel needs two ends (RFC 2473"
              + " section 4.1.2)");
    }
  }

  /// The home is not where the Internet sees it.
  ///
  /// @throws Refused when there is no prefix, or when one has our outer address in it
  public static void checkHome(List<Ipv4Prefix> homePrefixes, Identity identity) {
    if (homePrefixes.isEmpty()) {
      throw new Refused("a gateway needs at least one prefix of the home, such as 192.168.1.0/24");
    }
    for (Ipv4Prefix prefix : homePrefixes) {
      if (prefix.overlaps(identity.ipv4()) && identity.ipv4().length() == 32) {
        throw new Refused(
            "the home's prefix " + prefix + " contains our own outer address " + identity.ipv4());
      }
    }
  }

  /// With a tunnel and fragments as they are by default, and strict mapping without limits for a
  /// host.
  ///
  /// @param lineMtu the IPv6 MTU of the line, at least 1280
  public GatewaySettings(
      Identity identity,
      MapDomain domain,
      int lineMtu,
      List<Ipv4Prefix> homePrefixes,
      Ipv4Address homeAddress,
      Timers timers,
      int sessionsMax,
      Routing routing) {
    this(
        identity,
        domain,
        new TunnelSettings(lineMtu),
        homePrefixes,
        homeAddress,
        NatSettings.strict(identity.ports(), timers, sessionsMax),
        Manners.DEFAULT,
        FragmentSettings.DEFAULT,
        routing);
  }

  public int lineMtu() {
    return tunnel.lineMtu();
  }
}
