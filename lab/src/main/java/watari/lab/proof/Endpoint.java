package watari.lab.proof;

import java.net.InetSocketAddress;
import watari.core.net.Ipv4Address;
import watari.lab.line.Subscriber;

/// An IPv4 address and a port, as somebody saw it.
public record Endpoint(Ipv4Address address, int port) {

  /// Reads `ADDRESS:PORT`.
  public static Endpoint parse(String text) throws Disproved {
    var parts = text.strip().split(":", -1);
    Disproved.unless(
        parts.length == 2 && parts[1].matches("\\d{1,5}"),
        "'" + text.strip() + "' came where an address and port were due");
    return new Endpoint(Ipv4Address.parse(parts[0]), Integer.parseInt(parts[1]));
  }

  static Endpoint of(InetSocketAddress address) {
    return new Endpoint(
        Ipv4Address.parse(address.getAddress().getHostAddress()), address.getPort());
  }

  InetSocketAddress socketAddress() {
    return new InetSocketAddress(address.toString(), port);
  }

  /// Ends the step unless this is the subscriber's address and one of its ports.
  public Endpoint demandOwnedBy(Subscriber subscriber) throws Disproved {
    Disproved.unless(
        address.equals(subscriber.ipv4()) && subscriber.owns(port),
        this
            + " was seen, which is not a port of subscriber "
            + subscriber.number()
            + " (address "
            + subscriber.ipv4()
            + ", PSID 0x"
            + Integer.toHexString(subscriber.psid())
            + ")");
    return this;
  }

  @Override
  public String toString() {
    return address + ":" + port;
  }
}
