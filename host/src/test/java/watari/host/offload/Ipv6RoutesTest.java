package watari.host.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.host.kernel.Cidr;

final class Ipv6RoutesTest {
  private static final int NONE = -1;

  private static Ipv6Routes routes(Map<Cidr, Integer> answers) {
    var order =
        Comparator.comparing(Cidr::high, Long::compareUnsigned)
            .thenComparing(Cidr::low, Long::compareUnsigned)
            .thenComparingInt(Cidr::length);
    return new Ipv6Routes(
        answers.entrySet().stream()
            .sorted(Map.Entry.comparingByKey(order))
            .map(entry -> new Ipv6Routes.Entry(entry.getKey(), entry.getValue()))
            .toList(),
        NONE);
  }

  private static Cidr prefix(String text) {
    return Cidr.of(Ipv6Prefix.parse(text));
  }

  private static int find(Ipv6Routes routes, String address) {
    var at = Ipv6Address.parse(address);
    return routes.find(at.high(), at.low());
  }

  @Test
  void theLongestPrefixAnswers() {
    var routes = routes(Map.of(prefix("2001:db8::/32"), 1, prefix("2001:db8:8000::/33"), 2));
    assertThat(find(routes, "2001:db7:ffff::1")).isEqualTo(NONE);
    assertThat(find(routes, "2001:db8::")).isEqualTo(1);
    assertThat(find(routes, "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff")).isEqualTo(1);
    assertThat(find(routes, "2001:db8:8000::")).isEqualTo(2);
    assertThat(find(routes, "2001:db9::")).isEqualTo(NONE);
  }

  @Test
  void aDefaultRouteAnswersForAllThatNobodyElseHas() {
    var routes = routes(Map.of(prefix("::/0"), 1, prefix("ffff::/16"), 2));
    assertThat(find(routes, "::")).isEqualTo(1);
    assertThat(find(routes, "fffe:ffff::")).isEqualTo(1);
    assertThat(find(routes, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).isEqualTo(2);
    assertThat(find(routes(Map.of()), "2001:db8::1")).isEqualTo(NONE);
  }

  /// The twin looks at each prefix.
  @Test
  void findsWhatLookingAtEachPrefixFinds() {
    var random = new Random(6);
    for (int round = 0; round < 50; round++) {
      var answers = new HashMap<Cidr, Integer>();
      for (int i = 0; i < 40; i++) {
        answers.put(some(random, random.nextInt(129)), i);
      }
      var routes = routes(answers);
      for (int i = 0; i < 400; i++) {
        Cidr address = some(random, 128);
        assertThat(routes.find(address.high(), address.low()))
            .as("%s among %s", address, answers)
            .isEqualTo(slow(answers, address));
      }
    }
  }

  /// Few bits are set, so that prefixes lie in each other and addresses on their borders.
  private static Cidr some(Random random, int length) {
    long high = ends(random);
    return new Cidr(true, high, ends(random), 128).shortened(length);
  }

  private static long ends(Random random) {
    long[] some = {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << random.nextInt(64)};
    return some[random.nextInt(some.length)];
  }

  private static int slow(Map<Cidr, Integer> answers, Cidr address) {
    List<Cidr> of = new ArrayList<>(answers.keySet());
    of.removeIf(prefix -> !address.shortened(prefix.length()).equals(prefix));
    return of.stream().max(Comparator.comparingInt(Cidr::length)).map(answers::get).orElse(NONE);
  }
}
