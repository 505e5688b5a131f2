package watari.core.plan;

import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;

/// Which IPv4 packets a [PolicyRule] is for; what it does not name may be anything.
///
/// @param link the device they come from, or empty; `lo` for what this machine sends
/// @param protocol an IP protocol number, or 0
/// @param firstPort of the target, or 0. Of a fragment the kernel sees no port, and so such a rule
///   is for no fragment
/// @param lastPort of the target, or 0
public record Selector(
    String link, Ipv4Prefix source, Ipv4Prefix target, int protocol, int firstPort, int lastPort) {
  private static final Ipv4Prefix ANY = new Ipv4Prefix(0, 0);
  private static final int PROTOCOL_MAX = 255;
  private static final int PORT_MAX = 65_535;

  /// Every packet.
  public static final Selector ALL = new Selector("", ANY, ANY, 0, 0, 0);

  public Selector {
    if (protocol < 0 || protocol > PROTOCOL_MAX) {
      throw new Refused("an IP protocol is a number from 0 to 255, not " + protocol);
    }
    boolean isAnyPort = firstPort == 0 && lastPort == 0;
    if (!isAnyPort && (firstPort < 1 || firstPort > lastPort || lastPort > PORT_MAX)) {
      throw new Refused("there are no ports from " + firstPort + " to " + lastPort);
    }
  }

  public Selector by(String other) {
    return new Selector(other, source, target, protocol, firstPort, lastPort);
  }

  public Selector from(Ipv4Prefix other) {
    return new Selector(link, other, target, protocol, firstPort, lastPort);
  }

  public Selector to(Ipv4Prefix other) {
    return new Selector(link, source, other, protocol, firstPort, lastPort);
  }

  public Selector of(int other) {
    return new Selector(link, source, target, other, firstPort, lastPort);
  }

  public Selector ports(int first, int last) {
    return new Selector(link, source, target, protocol, first, last);
  }

  /// Whether it says something about the port of the target.
  public boolean hasPorts() {
    return lastPort != 0;
  }

  @Override
  public String toString() {
    var text = new StringBuilder("packets");
    text.append(link.isEmpty() ? "" : " by " + link);
    text.append(source.equals(ANY) ? "" : " from " + source);
    text.append(target.equals(ANY) ? "" : " to " + target);
    text.append(protocol == 0 ? "" : " of protocol " + protocol);
    text.append(hasPorts() ? " for port " + firstPort + "-" + lastPort : "");
    return text.toString();
  }
}
