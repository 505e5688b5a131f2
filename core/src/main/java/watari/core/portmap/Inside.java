package watari.core.portmap;

import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.wire.Protocol;

/// An address and port at home, of one protocol.
///
/// @param protocol TCP or UDP, as the IP protocol number
public record Inside(int protocol, int address, int port) implements Comparable<Inside> {

  public Inside {
    if (protocol != Protocol.TCP && protocol != Protocol.UDP) {
      throw new Refused("a port can be asked for TCP (6) or UDP (17), not for " + protocol);
    }
    if (port < 1 || port > 65535) {
      throw new Refused("a port is a number from 1 to 65535, not " + port);
    }
  }

  @Override
  public int compareTo(Inside other) {
    int first = Integer.compare(protocol, other.protocol);
    int second = Integer.compareUnsigned(address, other.address);
    return first != 0 ? first : second != 0 ? second : Integer.compare(port, other.port);
  }

  /// The same host and protocol, `count` ports on.
  Inside plus(int count) {
    return new Inside(protocol, address, port + count);
  }

  /// As in `tcp 192.168.1.2:8080`.
  @Override
  public String toString() {
    String name = protocol == Protocol.TCP ? "tcp " : "udp ";
    return name + new Ipv4Address(address) + ":" + port;
  }
}
