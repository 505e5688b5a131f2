package watari.lab.bench;

import java.util.ArrayList;
import java.util.List;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;

/// The rules of a large relay: each covers 256 addresses of 256 subscribers, and they lie side by
/// side, over IPv4 from `16.0.0.0` on, over IPv6 from `2400::` on. The rules of all known services
/// are /22 or shorter.
final class ManyRules {
  static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");

  /// The first address.
  static final int ADDRESSES = 0x10000000;

  /// Bits 0 to 63 of the first end-user prefix.
  static final long PREFIXES = 0x2400_0000_0000_0000L;

  /// How far the rules lie apart, over IPv4.
  static final int ADDRESS_BITS = 8;

  /// How far the rules lie apart, over IPv6.
  static final int PREFIX_BITS = 24;

  /// Ports below belong to nobody.
  static final int PORTS = 4096;

  private ManyRules() {}

  static RuleTable table(int rules, Layout layout) {
    var made = new ArrayList<MapRule>();
    for (int i = 0; i < rules; i++) {
      var ipv6 = new Ipv6Prefix(PREFIXES | (long) i << PREFIX_BITS, 0, 40);
      var ipv4 = new Ipv4Prefix(ADDRESSES + (i << ADDRESS_BITS), 24);
      made.add(new MapRule(ipv6, ipv4, 16, 4, Psid.NONE, layout));
    }
    return new RuleTable(List.of(new MapDomain("bench", RELAY, false, Confidence.GIVEN, made)));
  }
}
