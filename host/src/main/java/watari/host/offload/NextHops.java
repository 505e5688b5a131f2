package watari.host.offload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Ipv4Trie;
import watari.host.kernel.Cidr;
import watari.host.kernel.Forwarding;
import watari.host.kernel.Link;
import watari.host.kernel.Neighbour;

/// Where the kernel would send packets, worked out before they come.
///
/// What cannot be said in advance is [NextHop#UNKNOWN], and then the kernel gets the packet:
/// several ways for one prefix, a router whose Ethernet address it has yet to find out, a device
/// that has none. So a route that is missing here costs speed and nothing else.
public final class NextHops {
  /// The number of [NextHop#UNKNOWN].
  static final int UNKNOWN = 0;

  private final Map<Integer, Long> ethernets = new HashMap<>();
  private final Map<Place, Long> neighbours = new HashMap<>();
  private final List<NextHop> hops = new ArrayList<>(List.of(NextHop.UNKNOWN));
  private final Map<NextHop, Integer> numbers = new HashMap<>(Map.of(NextHop.UNKNOWN, UNKNOWN));
  private final Ipv4Trie ipv4 = new Ipv4Trie();
  private final List<Led> ipv6;
  private final Set<Place> routers;

  private record Place(int device, Cidr address) {}

  /// A prefix of IPv6 and the number of its next hop.
  private record Led(Cidr target, int hop) {}

  /// What the kernel says, all at about the same time.
  ///
  /// @param routes of the main table, both families
  public NextHops(List<Forwarding> routes, List<Neighbour> near, List<Link> links) {
    links.stream()
        .filter(link -> link.isUp() && link.ethernet() != 0)
        .forEach(link -> ethernets.put(link.index(), link.ethernet()));
    near.forEach(one -> neighbours.put(new Place(one.device(), one.address()), one.ethernet()));
    List<Forwarding> best = best(routes);
    routers =
        best.stream()
            .flatMap(route -> route.router().map(at -> new Place(route.device(), at)).stream())
            .collect(Collectors.toUnmodifiableSet());
    ipv6 =
        best.stream()
            .filter(route -> route.target().isIpv6())
            .map(route -> new Led(route.target(), number(route)))
            .toList();
    best.stream().filter(route -> !route.target().isIpv6()).forEach(this::put);
    putNeighbours(best, near);
  }

  /// One for each prefix, the longest last. Of equals nobody can say which one the kernel takes.
  private static List<Forwarding> best(List<Forwarding> routes) {
    var best = new HashMap<Cidr, Forwarding>();
    for (Forwarding route : routes) {
      best.merge(route.target(), route, NextHops::better);
    }
    return best.values().stream()
        .sorted(Comparator.comparingInt(route -> route.target().length()))
        .toList();
  }

  private static Forwarding better(Forwarding one, Forwarding other) {
    if (one.metric() == other.metric()) {
      return new Forwarding(one.target(), one.metric(), 0, Optional.empty());
    }
    return Integer.compareUnsigned(one.metric(), other.metric()) < 0 ? one : other;
  }

  private void put(Forwarding route) {
    Cidr target = route.target();
    ipv4.put((int) target.low(), target.length(), number(route));
  }

  /// A host at a device has a way of its own, where the longest route leads to that device and to
  /// no router.
  private void putNeighbours(List<Forwarding> routes, List<Neighbour> near) {
    for (Neighbour one : near) {
      Cidr host = one.address();
      var longest = routes.reversed().stream().filter(route -> contains(route.target(), host));
      boolean isThere =
          !host.isIpv6()
              && longest
                  .findFirst()
                  .filter(route -> route.device() == one.device() && route.router().isEmpty())
                  .isPresent();
      if (isThere) {
        ipv4.put((int) host.low(), host.length(), number(one.device(), one.ethernet()));
      }
    }
  }

  private static boolean contains(Cidr prefix, Cidr other) {
    return prefix.isIpv6() == other.isIpv6()
        && prefix.length() <= other.length()
        && (prefix.isIpv6()
            ? new Ipv6Prefix(prefix.high(), prefix.low(), prefix.length())
                .contains(other.high(), other.low())
            : prefix.length() == 0
                || (prefix.low() ^ other.low()) >>> (Integer.SIZE - prefix.length()) == 0);
  }

  private int number(Forwarding route) {
    return route
        .router()
        .map(router -> neighbours.get(new Place(route.device(), router)))
        .map(ethernet -> number(route.device(), ethernet))
        .orElse(UNKNOWN);
  }

  private int number(int device, long ethernet) {
    Long own = ethernets.get(device);
    if (own == null) {
      return UNKNOWN;
    }
    var hop = new NextHop(device, ethernet, own);
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
    boolean isDivided =
        ipv6.stream()
            .anyMatch(route ->
                route.target().length() > prefix.length() && contains(wanted, route.target()));
    return isDivided
        ? UNKNOWN
        : ipv6.reversed().stream()
            .filter(route -> contains(route.target(), wanted))
            .findFirst()
            .map(Led::hop)
            .orElse(UNKNOWN);
  }
}
