package watari.core.portmap;

import watari.core.net.Refused;
import watari.core.rule.PortSet;

/// How many ports may be leased (RFC 6887 §17.2).
///
/// @param portsPerHostMax of TCP and UDP together, for one host
/// @param sharePerHostMax the same as a part of the set, in percent; the lesser of the two holds
/// @param leasesMax how many leases there may be in all
public record LeaseLimits(int portsPerHostMax, int sharePerHostMax, int leasesMax) {
  public static final LeaseLimits DEFAULT = new LeaseLimits(32, 25, 4096);

  public LeaseLimits {
    if (portsPerHostMax < 1 || leasesMax < 1) {
      throw new Refused("a limit of leased ports is at least 1");
    }
    if (sharePerHostMax < 1 || sharePerHostMax > 100) {
      throw new Refused("a share of the set is 1 to 100 percent, not " + sharePerHostMax);
    }
  }

  /// How many ports of this set one host may have; at least one.
  public int portsPerHost(PortSet ports) {
    long share = (long) ports.size() * sharePerHostMax / 100;
    return (int) Math.max(1, Math.min(portsPerHostMax, share));
  }
}
