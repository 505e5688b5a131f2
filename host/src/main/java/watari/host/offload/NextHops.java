package watari.host.offload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Ipv4Trie;
import watari.core.wire.Slab;
import watari.host.driver.NextHop;
import watari.host.driver.Onward;
import watari.host.kernel.Cidr;
import watari.host.kernel.Forwarding;
import watari.host.kernel.Link;
import watari.host.kernel.Neighbour;

/// Where the kernel would send packets, worked out before they come.
///
/// What cannot be said in advance is [NextHop#UNKNOWN], and then the kernel gets the packet:
/// several ways for one prefix, a router whose Ethernet address it has yet to find out, a device
/// that has none. So a route that is missing here costs speed and nothing else.
public final class NextHops implements Onward {
  /// The number of [NextHop#UNKNOWN].
  static final int UNKNOWN = 0;

  private static final int IPV4_TARGET = 16;
  private static final int IPV6_TARGET = 24;

  private final Map<Integer, Link> devices = new HashMap<>();
  private final Map<Place, Long> neighbours = new HashMap<>();
  private final List<NextHop> hops = new ArrayList<>(List.of(NextHop.UNKNOWN));
  private final Map<NextHop, Integer> numbers = new HashMap<>(Map.of(NextHop.UNKNOWN, UNKNOWN));
  private final Ipv4Trie ipv4 = new Ipv4Trie();
  private final RoutingTable table;
  private final Set<Place> routers;
  private final Ipv6Routes ipv6;
  private final NextHop[] byNumber;

  private record Place(int device, Cidr address) {}

  /// What the kernel says, all at about the same time.
  ///
  /// @param routes of the main table, both families
  public NextHops(List<Forwarding> routes, List<Neighbour> near, List<Link> links) {
    links.stream()
        .filter(link -> link.isUp() && link.ethernet() != 0)
        .forEach(link -> devices.put(link.index(), link));
    near.forEach(one -> neighbours.put(new Place(one.device(), one.address()), one.ethernet()));
    table = new RoutingTable(routes);
    routers =
        routes.stream()
            .flatMap(route -> route.router().map(at -> new Place(route.device(), at)).stream())
            .collect(Collectors.toUnmodifiableSet());
    table.byLength().forEach(this::put);
    near.stream().filter(this::isSpokenToItself).forEach(this::put);
    ipv6 =
        new Ipv6Routes(
            table.ofIpv6().map(to -> new Ipv6Routes.Entry(to.target(), number(to))).toList(),
            UNKNOWN);
    byNumber = hops.toArray(NextHop[]::new);
  }

  /// Makes nothing, so that it can be asked for each packet.
  @Override
  public NextHop next(long at) {
    return byNumber[
        Slab.byteAt(at) >>> 4 == 6
            ? ipv6.find(Slab.longAt(at + IPV6_TARGET), Slab.longAt(at + IPV6_TARGET + 8))
            : of(Slab.intAt(at + IPV4_TARGET))];
  }

  private void put(Forwarding route) {
    int number = number(route);
    Cidr target = route.target();
    if (!target.isIpv6()) {
      ipv4.put((int) target.low(), target.length(), number);
    }
  }

  /// A host at a device has a way of its own, where the longest route leads to that device and to
  /// no router.
  private boolean isSpokenToItself(Neighbour one) {
    return !one.address().isIpv6()
        && table
            .longest(one.address())
            .filter(route -> route.device() == one.device() && route.router().isEmpty())
            .isPresent();
  }

  private void put(Neighbour one) {
    Cidr host = one.address();
    ipv4.put((int) host.low(), host.length(), number(one.device(), one.ethernet(), 0));
  }

  private int number(Forwarding route) {
    return route
        .router()
        .map(router -> neighbours.get(new Place(route.device(), router)))
        .map(ethernet -> number(route.device(), ethernet, route.mtu()))
        .orElse(UNKNOWN);
  }

  private int number(int device, long ethernet, int mtu) {
    Link link = devices.get(device);
    if (link == null) {
      return UNKNOWN;
    }
    int longest = mtu > 0 ? Math.min(mtu, link.mtu()) : link.mtu();
    var hop = new NextHop(device, ethernet, link.ethernet(), longest);
    return numbers.computeIfAbsent(
        hop,
        made -> {
          hops.add(made);
          return hops.size() - 1;
        });
  }

  /// Whether some route leads over this neighbour.
  boolean isRouter(Neighbour neighbour) {
    return routers.contains(new Place(neighbour.device(), neighbour.address()));
  }

  /// Each one once; those of the methods below are numbers in this list.
  List<NextHop> hops() {
    return List.copyOf(hops);
  }

  /// The longest match over IPv4 addresses: the number of the next hop plus one, or 0.
  int[] cells() {
    return ipv4.cells();
  }

  /// The number of the next hop for one address.
  int of(int address) {
    return Math.max(UNKNOWN, ipv4.find(address) - 1);
  }

  /// The number of the one next hop of all addresses of a prefix.
  int of(Ipv6Prefix prefix) {
    var wanted = Cidr.of(prefix);
    return table.divides(wanted)
        ? UNKNOWN
        : table.longest(wanted).map(this::number).orElse(UNKNOWN);
  }
}
