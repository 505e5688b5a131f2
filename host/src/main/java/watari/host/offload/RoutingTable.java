package watari.host.offload;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import watari.host.kernel.Cidr;
import watari.host.kernel.Forwarding;

/// Routes of both families, one for each prefix. It answers as quickly with the million routes of
/// the Internet as with ten.
final class RoutingTable {
  private static final Comparator<Cidr> ORDER =
      Comparator.comparing(Cidr::isIpv6)
          .thenComparing(Cidr::high, Long::compareUnsigned)
          .thenComparing(Cidr::low, Long::compareUnsigned)
          .thenComparingInt(Cidr::length);

  private final Map<Cidr, Forwarding> routes = new HashMap<>();
  private final TreeSet<Cidr> order = new TreeSet<>(ORDER);
  private final List<Integer> lengths;

  /// Of several routes for a prefix it takes the best.
  RoutingTable(List<Forwarding> all) {
    for (Forwarding route : all) {
      routes.merge(route.target(), route, RoutingTable::better);
    }
    order.addAll(routes.keySet());
    lengths =
        routes.keySet().stream()
            .map(Cidr::length)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .toList();
  }

  /// Of equals nobody can say which one the kernel takes.
  private static Forwarding better(Forwarding one, Forwarding other) {
    if (one.metric() == other.metric()) {
      return new Forwarding(one.target(), one.metric(), 0, Optional.empty());
    }
    return Integer.compareUnsigned(one.metric(), other.metric()) < 0 ? one : other;
  }

  /// All of them, the longest last.
  Stream<Forwarding> byLength() {
    return routes.values().stream()
        .sorted(Comparator.comparingInt(route -> route.target().length()));
  }

  /// Those of IPv6 by their first addresses, of equal ones the shortest first.
  Stream<Forwarding> ofIpv6() {
    return order.stream().filter(Cidr::isIpv6).flatMap(at -> Stream.ofNullable(routes.get(at)));
  }

  /// The longest route that all addresses of a prefix have in common.
  Optional<Forwarding> longest(Cidr prefix) {
    return lengths.stream()
        .filter(length -> length <= prefix.length())
        .flatMap(length -> Optional.ofNullable(routes.get(prefix.shortened(length))).stream())
        .findFirst();
  }

  /// Whether some addresses of a prefix have a longer route.
  boolean divides(Cidr prefix) {
    Cidr next = order.higher(prefix);
    return next != null
        && next.isIpv6() == prefix.isIpv6()
        && next.length() > prefix.length()
        && next.shortened(prefix.length()).equals(prefix);
  }
}
