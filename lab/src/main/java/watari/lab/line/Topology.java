package watari.lab.line;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import watari.core.net.Refused;
import watari.lab.line.Node.Attachment;

/// The hosts of the lab and how they are joined. All addresses are for documentation (RFC 3849, RFC
/// 5737) or private.
///
/// ```
/// home1 --- gateway1 ---+
///  192.168.1.0/24       |            IPv6 only
///                     access ======================= relay ------- internet
///  192.168.2.0/24       |   2001:db8:fff0::/48   2001:db8:ffff::1   203.0.113.0/24
/// home2 --- gateway2 ---+
/// ```
///
/// The rule: `2001:db8::/40`, `192.0.2.0/24`, 16 EA bits, offset 4: 240 ports a subscriber, 256
/// subscribers an address.
///
/// @param count of subscribers
/// @param mesh whether neighbours talk directly (RFC 7597 §5) and not by way of the relay
/// @param hosts of each home; more than one are joined by a bridge in the gateway
public record Topology(int count, Layout layout, boolean mesh, int hosts) {

  /// More gateways than this do not fit into the memory of a usual machine.
  public static final int SUBSCRIBERS_MAX = 32;

  public static final int HOSTS_MAX = 50;

  public static final String RELAY_IPV6 = "2001:db8:ffff::1";
  public static final String RELAY_IPV4 = "203.0.113.1";
  public static final String INTERNET_IPV4 = "203.0.113.80";

  /// A second address of the Internet host: somebody whom no home has ever written to.
  public static final String STRANGER_IPV4 = "203.0.113.99";

  public static final String RULE_IPV6 = "2001:db8::/40";
  public static final String RULE_IPV4 = "192.0.2.0/24";
  public static final int LINE_MTU = 1500;

  public static final String ACCESS = "access";
  public static final String RELAY = "relay";
  public static final String INTERNET = "internet";
  public static final String RELAY_LINE = "line0";

  /// A home's interface, and the gateway's towards the home.
  public static final String LAN = "lan0";

  private static final String CORE_ACCESS = "2001:db8:fff0:ffff::1";
  private static final String CORE_RELAY = "2001:db8:fff0:ffff::2";

  public Topology {
    if (count < 1 || count > SUBSCRIBERS_MAX) {
      throw new Refused("the lab has 1 to " + SUBSCRIBERS_MAX + " subscribers, not " + count);
    }
    if (hosts < 1 || hosts > HOSTS_MAX) {
      throw new Refused("a home of the lab has 1 to " + HOSTS_MAX + " hosts, not " + hosts);
    }
  }

  /// One host in each home.
  public Topology(int count, Layout layout, boolean mesh) {
    this(count, layout, mesh, 1);
  }

  /// All packets go by way of the relay.
  public Topology(int count, Layout layout) {
    this(count, layout, false);
  }

  /// The same with so many hosts in each home.
  public Topology withHosts(int hosts) {
    return new Topology(count, layout, mesh, hosts);
  }

  public List<Subscriber> subscribers() {
    return IntStream.rangeClosed(1, count).mapToObj(this::subscriber).toList();
  }

  /// One of them, counted from 1.
  public Subscriber subscriber(int number) {
    return new Subscriber(number, layout);
  }

  public List<Node> nodes() {
    var nodes = new ArrayList<Node>();
    for (var subscriber : subscribers()) {
      for (int host = 1; host <= hosts; host++) {
        nodes.add(home(subscriber, host));
      }
      nodes.add(gateway(subscriber));
    }
    nodes.add(access());
    nodes.add(relay());
    nodes.add(internet());
    return nodes;
  }

  public List<Link> links() {
    var links = new ArrayList<Link>();
    for (var subscriber : subscribers()) {
      for (int host = 1; host <= hosts; host++) {
        links.add(new Link(subscriber.home(host), LAN, subscriber.gateway(), lanPort(host)));
      }
      links.add(new Link(subscriber.gateway(), "wan0", ACCESS, "home" + subscriber.number()));
    }
    links.add(new Link(ACCESS, "relay0", RELAY, RELAY_LINE));
    links.add(new Link(RELAY, "net0", INTERNET, "net0"));
    return links;
  }

  private static Node home(Subscriber subscriber, int host) {
    return new Node(
        subscriber.home(host),
        false,
        List.of(Attachment.of(LAN, subscriber.homeAddress(host) + "/24")),
        List.of("default via " + subscriber.gatewayLan()));
  }

  /// The unreachable route keeps packets for unused parts of the delegated prefix from going round
  /// between gateway and provider (RFC 7084 WPD-5).
  private Node gateway(Subscriber subscriber) {
    return new Node(
        subscriber.gateway(),
        true,
        List.of(
            new Attachment(LAN, List.of(subscriber.gatewayLan() + "/24"), lanPorts()),
            Attachment.of("wan0", subscriber.gatewaySide() + "/64")),
        List.of(
            "::/0 via " + subscriber.accessSide(), "unreachable " + subscriber.endUserPrefix()));
  }

  private List<String> lanPorts() {
    return hosts == 1
        ? List.of()
        : IntStream.rangeClosed(1, hosts).mapToObj(this::lanPort).toList();
  }

  private String lanPort(int host) {
    return hosts == 1 ? LAN : "lan" + host;
  }

  private Node access() {
    var attachments = new ArrayList<Attachment>();
    var routes = new ArrayList<String>();
    for (var subscriber : subscribers()) {
      attachments.add(Attachment.of("home" + subscriber.number(), subscriber.accessSide() + "/64"));
      routes.add(subscriber.endUserPrefix() + " via " + subscriber.gatewaySide());
    }
    attachments.add(Attachment.of("relay0", CORE_ACCESS + "/64"));
    routes.add(RELAY_IPV6 + "/128 via " + CORE_RELAY);
    return new Node(ACCESS, true, attachments, routes);
  }

  private static Node relay() {
    return new Node(
        RELAY,
        true,
        List.of(
            Attachment.of(RELAY_LINE, CORE_RELAY + "/64"),
            Attachment.of("net0", RELAY_IPV4 + "/24")),
        List.of("2001:db8::/32 via " + CORE_ACCESS));
  }

  private static Node internet() {
    return new Node(
        INTERNET,
        false,
        List.of(Attachment.of("net0", INTERNET_IPV4 + "/24", STRANGER_IPV4 + "/24")),
        List.of(RULE_IPV4 + " via " + RELAY_IPV4));
  }
}
