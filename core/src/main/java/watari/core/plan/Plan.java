package watari.core.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.plan.PolicyRule.Course;
import watari.core.rule.Identity;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.wire.Protocol;

/// All that should be in the kernel for one gateway or relay.
///
/// @param device the name of our TUN device
/// @param mtu of that device. It is larger than any line's, because what fits through a tunnel is
///   decided in the ways and not by the kernel
/// @param items in the order in which they are put there
public record Plan(String device, int mtu, SequencedSet<Item> items) {
  private static final int DEVICE_MTU = 65535;
  private static final Ipv4Prefix EVERYWHERE = new Ipv4Prefix(0, 0);
  private static final int DHCP = 68;
  private static final int GRE = 47;
  private static final int ESP = 50;

  /// What hosts at home speak across a whole address.
  private static final List<Integer> CROSSING =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.ICMP, ESP, GRE);

  public Plan {
    items = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(items));
  }

  /// Nothing but the device.
  public static Plan empty(String device) {
    return new Plan(device, DEVICE_MTU, new LinkedHashSet<>());
  }

  /// A gateway: the home's IPv4 goes to the device, and so does all IPv6 for the MAP address.
  ///
  /// @param source the IPv4 address that our ICMP errors come from
  /// @param link the interface of the line, or empty where the provider routes the prefix to us
  /// @param metric of the IPv4 default route
  public static Plan ofGateway(
      String device, Identity identity, Ipv4Address source, String link, int metric) {
    SequencedSet<Item> items = new LinkedHashSet<>();
    if (!link.isEmpty()) {
      // Before forwarding: the moment that begins, the kernel forgets what it may no longer hear.
      items.add(new Item.RouterAdvertisements(link));
    }
    items.add(new Item.Forwarding());
    items.add(new Item.OwnSource(source));
    items.add(route(identity.mapAddress()));
    if (!link.isEmpty()) {
      items.add(new Item.ProxyNeighbour(identity.mapAddress(), link));
    }
    items.add(new Item.Ipv4Route(EVERYWHERE, metric));
    return new Plan(device, DEVICE_MTU, items);
  }

  /// The same for a gateway that has [#ofNative] too: between the two the home's packets never take
  /// another way, and the default route is for this machine's own packets alone.
  public static Plan ofGateway(
      String device,
      Identity identity,
      List<Ipv4Prefix> home,
      Ipv4Address source,
      String link,
      int metric) {
    SequencedSet<Item> items =
        new LinkedHashSet<>(ofGateway(device, identity, source, link, metric).items());
    items.addAll(ofHome(home));
    return new Plan(device, DEVICE_MTU, items);
  }

  /// A gateway on a line with an IPv4 address of its own, which the home shares with this machine.
  /// What the kernel does not know better comes to the device, and goes back into the kernel.
  ///
  /// @param link the interface of the line
  /// @param address its address
  /// @param home whose packets are translated
  /// @param source the IPv4 address that our ICMP errors come from
  /// @param hostPorts which ports of the address stay this machine's, but for those of
  /// @param forwards of the home
  public static Plan ofNative(
      String device,
      String link,
      Ipv4Address address,
      List<Ipv4Prefix> home,
      Ipv4Address source,
      HostPorts hostPorts,
      List<PlacedForward> forwards) {
    SequencedSet<Item> items = new LinkedHashSet<>();
    items.add(new Item.Forwarding());
    items.add(new Item.OwnSource(source));
    items.add(new Item.AnySource());
    items.add(new Item.EveryWayLookedUp());
    items.addAll(ofHome(home));
    var line = Selector.ALL.by(link);
    // Whoever claims on the line to be of the home would be translated and sent back there.
    home.forEach(prefix -> items.add(first(line.from(prefix), Course.NOWHERE)));
    items.add(first(Selector.ALL.by(device), Course.LOCAL));
    var own = new Ipv4Prefix(address.bits(), 32);
    items.add(first(line.to(own).of(Protocol.UDP).ports(DHCP, DHCP), Course.LOCAL));
    items.addAll(spared(forwards, hostPorts, line.to(own)));
    for (int protocol : new int[] {Protocol.TCP, Protocol.UDP}) {
      var ports = line.to(own).of(protocol).ports(hostPorts.first(), hostPorts.last());
      items.add(first(ports, Course.LOCAL));
    }
    // Each protocol by itself: the kernel asks the same rules before it answers ARP.
    for (int protocol : CROSSING) {
      var inbound = line.to(own).of(protocol);
      items.add(first(inbound, Course.OURS));
      home.forEach(
          prefix -> items.add(first(Selector.ALL.from(prefix).to(own).of(protocol), Course.OURS)));
    }
    return new Plan(device, DEVICE_MTU, items);
  }

  /// Forwards among the machine's ports come to our device all the same, and no program of the
  /// machine is given their ports.
  private static List<Item> spared(
      List<PlacedForward> forwards, HostPorts hostPorts, Selector inbound) {
    var rules = new ArrayList<Item>();
    var ranges = new ArrayList<String>();
    for (PlacedForward forward : forwards) {
      int firstPort = Math.max(forward.firstPort(), hostPorts.first());
      int lastPort = Math.min(forward.lastPort(), hostPorts.last());
      if (firstPort <= lastPort) {
        ranges.add(firstPort + "-" + lastPort);
        for (int protocol : forward.transport().protocols()) {
          rules.add(first(inbound.of(protocol).ports(firstPort, lastPort), Course.OURS));
        }
      }
    }
    return ranges.isEmpty()
        ? List.of()
        : Stream.concat(Stream.of(new Item.SparedPorts(String.join(",", ranges))), rules.stream())
            .toList();
  }

  private static Item first(Selector selector, Course course) {
    return rule(PolicyRule.FIRST, selector, course);
  }

  private static Item rule(int priority, Selector selector, Course course) {
    return new Item.Ipv4Rule(new PolicyRule(priority, selector, course));
  }

  /// What the home sends comes to our device, whatever default route the machine has, unless a
  /// nearer route leads elsewhere.
  private static List<Item> ofHome(List<Ipv4Prefix> home) {
    var items = new ArrayList<Item>();
    items.add(new Item.OwnTable());
    for (Ipv4Prefix prefix : home) {
      var selector = Selector.ALL.from(prefix);
      items.add(rule(PolicyRule.BEFORE_MAIN, selector, Course.NEARBY));
      items.add(rule(PolicyRule.BEFORE_MAIN + 1, selector, Course.OURS));
    }
    return items;
  }

  /// A relay: its own addresses and all IPv4 prefixes of its rules go to the device.
  ///
  /// @param source the IPv4 address that our ICMP errors come from
  public static Plan ofRelay(String device, Ipv4Address source, List<MapDomain> domains) {
    SequencedSet<Item> items = new LinkedHashSet<>();
    items.add(new Item.Forwarding());
    items.add(new Item.OwnSource(source));
    for (MapDomain domain : domains) {
      items.add(route(domain.relay()));
    }
    var prefixes =
        domains.stream().flatMap(domain -> domain.rules().stream()).map(MapRule::ipv4).toList();
    for (Ipv4Prefix prefix : joined(prefixes)) {
      items.add(new Item.Ipv4Route(prefix, 0));
    }
    return new Plan(device, DEVICE_MTU, items);
  }

  private static Item route(Ipv6Address address) {
    return new Item.Ipv6Route(new Ipv6Prefix(address.high(), address.low(), 128));
  }

  /// The fewest prefixes that cover the same addresses, so that a million rules do not become a
  /// million routes.
  static List<Ipv4Prefix> joined(List<Ipv4Prefix> prefixes) {
    var kept = new ArrayList<Ipv4Prefix>();
    for (Ipv4Prefix prefix : prefixes.stream().sorted().toList()) {
      if (kept.isEmpty() || !kept.getLast().overlaps(prefix)) {
        kept.add(prefix);
        joinLast(kept);
      }
    }
    return kept;
  }

  /// Joins the last two prefixes while they are the halves of one.
  private static void joinLast(List<Ipv4Prefix> kept) {
    while (kept.size() > 1) {
      Ipv4Prefix last = kept.getLast();
      Ipv4Prefix before = kept.get(kept.size() - 2);
      if (last.length() != before.length() || last.length() == 0) {
        return;
      }
      var whole = Ipv4Prefix.of(before.bits(), before.length() - 1);
      if (!whole.contains(last.bits()) || whole.bits() != before.bits()) {
        return;
      }
      kept.removeLast();
      kept.set(kept.size() - 1, whole);
    }
  }
}
