package watari.app.cli;

import java.nio.charset.StandardCharsets;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.RuleTable;

/// The answers of `who` as JSON, an object a line; `docs/tools.md` describes them.
///
/// What is the same for every subscriber of a rule is made once, so that an answer is mostly
/// copying.
final class WhoJson {
  private static final byte[] IPV4 = Json.key("ipv4");
  private static final byte[] PORT = Json.key("port");
  private static final byte[] END_USER_PREFIX = Json.key("endUserPrefix");
  private static final byte[] MAP_ADDRESS = Json.key("mapAddress");
  private static final byte[] PSID = Json.key("psid");

  private final Json json;
  private final RuleTable table;
  private final Fixed[] fixed;
  private final byte[] noRule = nobodyBecause(WhoReason.NO_RULE);
  private final byte[] noSubscriber = nobodyBecause(WhoReason.NO_SUBSCRIBER);
  private final byte[] excludedPort = nobodyBecause(WhoReason.EXCLUDED_PORT);

  /// What answers for one rule have in common.
  private static final class Fixed {
    private final MapRule rule;

    /// From "found" to the rule.
    private final byte[] head;

    /// The length of the end-user prefixes, as in `/56`.
    private final byte[] slash;

    /// From the PSID's length on.
    private final byte[] tail;

    Fixed(MapRule rule, MapDomain domain) {
      this.rule = rule;
      this.head =
          bytes(
              ",\"found\":true,\"service\":"
                  + quoted(domain.name())
                  + ",\"ruleIpv6\":"
                  + quoted(rule.ipv6().toString()));
      this.slash = bytes("/" + rule.endUserLength());
      this.tail =
          bytes(
              ",\"psidLength\":"
                  + rule.psidLength()
                  + ",\"confidence\":"
                  + quoted(domain.confidence().label()));
    }
  }

  WhoJson(Json json, RuleTable table) {
    this.json = json;
    this.table = table;
    this.fixed = new Fixed[table.size()];
  }

  /// Answers for one address and port.
  ///
  /// @return whether somebody is there
  boolean answer(int address, int port) {
    json.begin().name(IPV4).ipv4(address).name(PORT).number(port);
    int index = table.byAddress(address, port);
    if (index >= 0) {
      subscriber(index, address, port);
    } else {
      json.raw(nobody(index, address));
    }
    json.end().line();
    return index >= 0;
  }

  private byte[] nobody(int index, int address) {
    return switch (WhoReason.of(index, table, address)) {
      case NO_RULE -> noRule;
      case NO_SUBSCRIBER -> noSubscriber;
      case EXCLUDED_PORT -> excludedPort;
    };
  }

  private void subscriber(int index, int address, int port) {
    Fixed same = fixed(index);
    long high = table.high(index, address, port);
    long low = table.low(index, address, port);
    int length = same.rule.endUserLength();
    json.raw(same.head)
        .name(END_USER_PREFIX)
        .ipv6Prefix(
            high & Ipv6Prefix.maskHigh(length), low & Ipv6Prefix.maskLow(length), same.slash)
        .name(MAP_ADDRESS)
        .ipv6(high, low)
        .name(PSID);
    if (same.rule.isShared()) {
      json.number(same.rule.psidOf(port));
    } else {
      json.nothing();
    }
    json.raw(same.tail);
  }

  private Fixed fixed(int index) {
    Fixed known = fixed[index];
    if (known == null) {
      known = new Fixed(table.rule(index), table.domain(index));
      fixed[index] = known;
    }
    return known;
  }

  private static byte[] nobodyBecause(WhoReason reason) {
    return bytes(",\"found\":false,\"reason\":" + quoted(reason.sentence()));
  }

  private static String quoted(String text) {
    return new Json().text(text).toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
