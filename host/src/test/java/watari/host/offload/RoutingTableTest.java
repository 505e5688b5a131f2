package watari.host.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import watari.host.kernel.Cidr;
import watari.host.kernel.Forwarding;

/// The table beside a twin that looks at every route.
final class RoutingTableTest {
  private static final long SEED = Long.getLong("watari.seed", new Random().nextLong());

  private static final Comparator<Integer> LOWEST_FIRST =
      Comparator.<Integer>comparingLong(Integer::toUnsignedLong).reversed();

  private final Random random = new Random(SEED);
  private final List<Forwarding> routes = new ArrayList<>();

  /// Few bits differ, so that prefixes lie in each other; the first ones are those of high
  /// addresses.
  private Cidr prefix(int longest) {
    int length = random.nextInt(longest + 1);
    return random.nextBoolean()
        ? new Cidr(true, random.nextLong(4) << 62, random.nextLong(4) << 2, 128).shortened(length)
        : new Cidr(false, 0, random.nextLong(16) << 28 | random.nextLong(4), 32)
            .shortened(Math.min(length, 32));
  }

  @Test
  void answersAsATwinThatLooksAtEveryRoute() {
    System.out.println("random routes of -Dwatari.seed=" + SEED);
    int found = 0;
    int divided = 0;
    for (int run = 0; run < 200; run++) {
      routes.clear();
      for (int i = random.nextInt(20); i > 0; i--) {
        routes.add(new Forwarding(prefix(128), random.nextInt(), i, Optional.empty()));
      }
      var table = new RoutingTable(routes);
      for (int i = 0; i < 50; i++) {
        var wanted = prefix(128);
        assertThat(table.longest(wanted)).as("%s in %s", wanted, routes).isEqualTo(longest(wanted));
        assertThat(table.divides(wanted)).as("%s in %s", wanted, routes).isEqualTo(divides(wanted));
        found += longest(wanted).isPresent() ? 1 : 0;
        divided += divides(wanted) ? 1 : 0;
      }
      assertThat(table.byLength().map(route -> route.target().length())).isSorted();
    }
    assertThat(found).isGreaterThan(1_000);
    assertThat(divided).isGreaterThan(1_000);
  }

  private static boolean contains(Cidr prefix, Cidr other) {
    return prefix.isIpv6() == other.isIpv6()
        && prefix.length() <= other.length()
        && other.shortened(prefix.length()).equals(prefix);
  }

  private Optional<Forwarding> longest(Cidr wanted) {
    return routes.stream()
        .filter(route -> contains(route.target(), wanted))
        .max(
            Comparator.<Forwarding>comparingInt(route -> route.target().length())
                .thenComparing(Forwarding::metric, LOWEST_FIRST));
  }

  private boolean divides(Cidr wanted) {
    return routes.stream()
        .anyMatch(
            route -> route.target().length() > wanted.length() && contains(wanted, route.target()));
  }
}
