package watari.core.portmap;

import java.util.List;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;

/// How hosts may ask by PCP and NAT-PMP.
///
/// @param pcp whether PCP is answered
/// @param natPmp whether NAT-PMP is answered
/// @param homePrefixes where a host that may ask has its address
/// @param lifetimeSecondsMin what a shorter wish of PCP becomes (RFC 6887 §15)
/// @param lifetimeSecondsMax what a longer wish becomes
public record PortControlSettings(
    boolean pcp,
    boolean natPmp,
    List<Ipv4Prefix> homePrefixes,
    int lifetimeSecondsMin,
    int lifetimeSecondsMax) {
  public static final int LIFETIME_SECONDS_MIN = 120;
  public static final int LIFETIME_SECONDS_MAX = 86_400;

  public PortControlSettings {
    homePrefixes = List.copyOf(homePrefixes);
    if (lifetimeSecondsMin < 1 || lifetimeSecondsMax < lifetimeSecondsMin) {
      throw new Refused(
          "a mapping lives from "
              + lifetimeSecondsMin
              + " to "
              + lifetimeSecondsMax
              + " seconds; the first is at least 1 and at most the second");
    }
  }

  /// With the lifetimes that RFC 6887 §15 recommends.
  public PortControlSettings(boolean pcp, boolean natPmp, List<Ipv4Prefix> homePrefixes) {
    this(pcp, natPmp, homePrefixes, LIFETIME_SECONDS_MIN, LIFETIME_SECONDS_MAX);
  }

  boolean isHome(int address) {
    return homePrefixes.stream().anyMatch(prefix -> prefix.contains(address));
  }

  /// What a wished lifetime of PCP becomes.
  long lifetimeSeconds(long wished) {
    return Math.clamp(wished, lifetimeSecondsMin, lifetimeSecondsMax);
  }
}
