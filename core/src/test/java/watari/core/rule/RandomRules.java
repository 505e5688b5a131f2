package watari.core.rule;

import java.util.SplittableRandom;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Prefix;

/// Rules of every shape that RFC 7597 allows, and some more.
final class RandomRules {
  private final SplittableRandom random;

  RandomRules(SplittableRandom random) {
    this.random = random;
  }

  /// n 0 to 128, r 0 to 32, o 0 to 48, a 0 to 15, named PSIDs, both layouts.
  MapRule next() {
    int r = random.nextInt(33);
    int ipv6Length = random.nextInt(129);
    int eaMost = Math.min(Math.min(48, 128 - ipv6Length), 48 - r);
    boolean isFull = random.nextInt(4) == 0 && 32 - r <= eaMost;
    int ea = isFull ? 32 - r : random.nextInt(eaMost + 1);
    int named = isFull ? random.nextInt(17) : 0;
    int k = Math.max(named, r + ea - 32);
    int offset = random.nextInt(Math.min(15, 16 - k) + 1);
    Psid psid = named == 0 ? Psid.NONE : new Psid(random.nextInt(1 << named), named);
    Layout layout = random.nextBoolean() ? Layout.RFC7597 : Layout.DRAFT_03;
    return new MapRule(
        Ipv6Prefix.of(random.nextLong(), random.nextLong(), ipv6Length),
        Ipv4Prefix.of(random.nextInt(), r),
        ea,
        offset,
        psid,
        layout);
  }

  /// A rule of few addresses, so that rules meet: IPv6 inside 2001:db8::/32, IPv4 inside
  /// 192.0.2.0/24.
  MapRule nextInSmallSpace() {
    int r = random.nextInt(24, 33);
    int ipv6Length = random.nextInt(32, 44);
    int k = random.nextInt(3);
    boolean isNamed = k > 0 && random.nextBoolean();
    int ea = 32 - r + (isNamed ? 0 : k);
    int value = random.nextInt(1 << k);
    return new MapRule(
        Ipv6Prefix.of(0x2001_0db8_0000_0000L | spread(11) << 21, 0, ipv6Length),
        Ipv4Prefix.of(0xc000_0200 | (int) spread(8), r),
        ea,
        random.nextInt(8) == 0 ? 4 : 6,
        isNamed ? new Psid(value, k) : Psid.NONE,
        random.nextBoolean() ? Layout.RFC7597 : Layout.DRAFT_03);
  }

  /// A number of `length` bits in which zeros are frequent.
  private long spread(int length) {
    long bits = 0;
    for (int i = 0; i < length; i++) {
      bits = bits << 1 | (random.nextInt(4) == 0 ? 1 : 0);
    }
    return bits;
  }

  /// An end-user prefix of the rule, sometimes longer than it must be.
  Ipv6Prefix endUserPrefix(MapRule rule) {
    int more = random.nextInt(3) == 0 ? random.nextInt(129 - rule.endUserLength()) : 0;
    var inside = Ipv6Prefix.of(random.nextLong(), random.nextLong(), 128);
    int n = rule.ipv6().length();
    return Ipv6Prefix.of(
        rule.ipv6().high() | (inside.high() & ~Ipv6Prefix.maskHigh(n)),
        rule.ipv6().low() | (inside.low() & ~Ipv6Prefix.maskLow(n)),
        rule.endUserLength() + more);
  }
}
