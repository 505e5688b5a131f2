package watari.lab.proof;

import java.util.List;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.core.verdict.Drop;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// A packet to the relay that must be dropped.
///
/// @param what is wrong with it
/// @param counter where it must be counted
public record Forged(String what, Forgery packet, Drop counter) {

  /// Somebody on the access network, outside the rule.
  public static final Ipv6Address STRANGER = Ipv6Address.parse("2001:db8:fff0:1::2");

  private static final Ipv6Address RELAY = Ipv6Address.parse(Topology.RELAY_IPV6);
  private static final int PORT_OF_NOBODY = 80;

  /// Packets that a subscriber might forge, each wrong in one thing only.
  public static List<Forged> of(Subscriber subscriber) {
    var map = subscriber.mapAddress();
    var own = own(subscriber);
    var foreignPort = new Endpoint(own.address(), own.port() + 1);
    var excludedPort = new Endpoint(own.address(), PORT_OF_NOBODY);
    var foreignAddress = new Endpoint(new Ipv4Address(own.address().bits() + 1), own.port());
    var outsider = new Endpoint(Ipv4Address.parse("198.51.100.7"), own.port());
    var identifier = new Ipv6Address(map.high(), map.low() ^ 0x100);
    var subnet = new Ipv6Address(map.high() | 1, map.low());
    return List.of(
        spoofed(map, foreignPort, "inner source port " + foreignPort),
        spoofed(map, foreignAddress, "inner source address " + foreignAddress),
        new Forged(
            "inner source port of nobody " + excludedPort,
            from(map, excludedPort, "forged port of nobody"),
            Drop.SOURCE_PORT_EXCLUDED),
        new Forged(
            "inner source outside the rule " + outsider,
            from(map, outsider, "forged source outside the rule"),
            Drop.SUBSCRIBER_UNKNOWN),
        spoofed(identifier, own, "interface identifier of " + identifier),
        spoofed(subnet, own, "subnet of " + subnet),
        spoofed(STRANGER, own, "outer source outside the rule " + STRANGER));
  }

  /// A packet made in the same way that must arrive.
  public static Forgery honest(Subscriber subscriber) {
    return from(subscriber.mapAddress(), own(subscriber), "forged not at all");
  }

  private static Endpoint own(Subscriber subscriber) {
    return new Endpoint(subscriber.ipv4(), subscriber.ports().getLast());
  }

  private static Forged spoofed(Ipv6Address outer, Endpoint inner, String what) {
    return new Forged(what, from(outer, inner, "forged " + what), Drop.SUBSCRIBER_SPOOFED);
  }

  private static Forgery from(Ipv6Address outer, Endpoint inner, String text) {
    return new Forgery(outer, RELAY, inner, Internet.echo(0), text);
  }
}
