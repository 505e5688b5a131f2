package watari.lab.line;

import java.util.ArrayList;
import java.util.List;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// A household of the lab and what the rule of [Topology] gives it. Two neighbours share one IPv4
/// address: 1 and 2 have 192.0.2.18 with PSID 0x34 and 0x35 (0x34 is the example of RFC 7597,
/// appendix A), 3 and 4 have 192.0.2.19, and so on.
///
/// The arithmetic here is the lab's own, for one rule only, so that it can contradict the product.
///
/// @param number counted from 1
public record Subscriber(int number, Layout layout) {

  /// Ports of one subscriber: 15 ranges of 16.
  public static final int PORTS = 240;

  private static final int SHARERS = 2;
  private static final int FIRST_SUFFIX = 18;
  private static final int FIRST_PSID = 0x34;
  private static final int PSID_SHIFT = 4;

  public int psid() {
    return FIRST_PSID + (number - 1) % SHARERS;
  }

  /// The address the Internet sees, shared with a neighbour.
  public Ipv4Address ipv4() {
    return new Ipv4Address(0xc000_0200 | suffix());
  }

  /// The delegated prefix: 40 bits of the rule, 16 EA bits (IPv4 suffix and PSID), 56 in all.
  public Ipv6Prefix endUserPrefix() {
    return new Ipv6Prefix(0x2001_0db8_0000_0000L | (suffix() << 8 | psid()) << 8, 0, 56);
  }

  public Ipv6Address mapAddress() {
    return new Ipv6Address(
        endUserPrefix().high(), layout.interfaceIdentifier(ipv4().bits(), psid()));
  }

  /// Whether the port belongs to this subscriber: offset 4, 8 bits of PSID, 4 bits inside a range.
  public boolean owns(int port) {
    return port >= 4096 && (port >> PSID_SHIFT & 0xff) == psid();
  }

  /// Every port of the set, in rising order.
  public List<Integer> ports() {
    var ports = new ArrayList<Integer>();
    for (int port = 0; port < 65536; port++) {
      if (owns(port)) {
        ports.add(port);
      }
    }
    return ports;
  }

  public String lan() {
    return "192.168." + number + ".0/24";
  }

  public String gatewayLan() {
    return "192.168." + number + ".1";
  }

  public String homeAddress() {
    return homeAddress(1);
  }

  public String home() {
    return "home" + number;
  }

  /// One of several hosts of the home, counted from 1, which is [#home].
  public String home(int host) {
    return host == 1 ? home() : home() + "-" + host;
  }

  public String homeAddress(int host) {
    return "192.168." + number + "." + (host + 1);
  }

  public String gateway() {
    return "gateway" + number;
  }

  String accessSide() {
    return "2001:db8:fff0:" + number + "::1";
  }

  /// The gateway's own address on the line, which is not its MAP address.
  public String gatewaySide() {
    return "2001:db8:fff0:" + number + "::2";
  }

  private int suffix() {
    return FIRST_SUFFIX + (number - 1) / SHARERS;
  }
}
