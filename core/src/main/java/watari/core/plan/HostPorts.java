package watari.core.plan;

import watari.core.net.Refused;

/// The ports from which this machine's own programs get theirs when they do not choose
/// (`net.ipv4.ip_local_port_range`). On an address that the home shares with the machine they stay
/// the machine's.
public record HostPorts(int first, int last) {
  /// Below are the system ports, which nobody is given by chance.
  public static final int SYSTEM_PORTS = 1024;

  /// What the home must have at least.
  private static final int HOME_PORTS_MIN = 4096;

  /// As Linux has it unless told otherwise.
  public static final HostPorts DEFAULT = new HostPorts(32_768, 60_999);

  public HostPorts {
    if (first < 1 || first > last || last > 65_535) {
      throw new Refused("there are no ports from " + first + " to " + last);
    }
    if (first - SYSTEM_PORTS < HOME_PORTS_MIN) {
      throw new Refused(
          "the machine's own programs use the ports "
              + first
              + " to "
              + last
              + ", which leaves too few for the home; as root:"
              + " sysctl -w net.ipv4.ip_local_port_range='32768 60999'");
    }
  }

  public boolean contains(int port) {
    return port >= first && port <= last;
  }
}
