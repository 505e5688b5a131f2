package watari.core.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.Finding.Kind;

/// Reads the texts of a rule set and says of each one that is wrong why.
final class LintReader {
  private final LintFindings found;
  private final List<LintRow> rows = new ArrayList<>();
  private final List<LintRelay> relays = new ArrayList<>();
  private int order;

  LintReader(LintFindings found) {
    this.found = found;
  }

  void read(List<RawDomain> domains) {
    for (RawDomain domain : domains) {
      readDomain(domain);
    }
  }

  /// The rules that could be read.
  List<LintRow> rows() {
    return rows;
  }

  /// The relays that could be read.
  List<LintRelay> relays() {
    return relays;
  }

  private void readDomain(RawDomain domain) {
    order++;
    if (domain.relay().isEmpty()) {
      say(
          Kind.NO_RELAY,
          domain.place(),
          "the domain '" + domain.name() + "' has no relay; without one it cannot be used",
          "relay: 2001:db8:ffff::1");
    } else {
      field(domain.place(), domain.relay(), Ipv6Address::parse, "relay: 2001:db8:ffff::1")
          .ifPresent(relay -> relays.add(new LintRelay(order, domain.place(), relay)));
    }
    if (domain.rules().isEmpty()) {
      say(
          Kind.NO_RULES,
          domain.place(),
          "the domain '" + domain.name() + "' has no rule; it needs at least one",
          "{ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}");
    }
    for (RawRule raw : domain.rules()) {
      order++;
      readRule(raw);
    }
  }

  private void readRule(RawRule raw) {
    String place = raw.place();
    var ipv6 = field(place, raw.ipv6(), LintReader::ipv6, "ipv6: 2001:db8::/40");
    var ipv4 = field(place, raw.ipv4(), LintReader::ipv4, "ipv4: 192.0.2.0/24");
    var ea = field(place, raw.ea(), LintReader::ea, "ea: 16");
    var offset =
        field(place, offset(raw), text -> number("PSID offset", text, 15), "psidOffset: 6");
    var psid = field(place, raw.psid(), LintReader::psid, "psid: 0x34/8");
    var layout = field(place, raw.layout(), LintReader::layout, "layout: rfc7597");
    ipv6.ifPresent(_ -> hostBits(place, raw.ipv6(), Ipv6Prefix::parse, ipv6));
    ipv4.ifPresent(_ -> hostBits(place, raw.ipv4(), Ipv4Prefix::parse, ipv4));
    if (List.of(ipv6, ipv4, ea, offset, psid, layout).stream().allMatch(Optional::isPresent)) {
      try {
        var rule =
            new MapRule(ipv6.get(), ipv4.get(), ea.get(), offset.get(), psid.get(), layout.get());
        rows.add(new LintRow(order, place, rule));
      } catch (Refused refused) {
        say(Kind.IMPOSSIBLE, place, refused.sentence(), raw.ipv6() + " " + raw.ipv4());
      }
    }
  }

  private static Ipv6Prefix ipv6(String text) {
    return Ipv6Prefix.parseMasking(written("ipv6", text));
  }

  private static Ipv4Prefix ipv4(String text) {
    return Ipv4Prefix.parseMasking(written("ipv4", text));
  }

  private static int ea(String text) {
    return number("number of EA bits", written("ea", text), 48);
  }

  private static String written(String key, String text) {
    if (text.isEmpty()) {
      throw new Refused("the rule has no '" + key + "'; it needs one");
    }
    return text;
  }

  private static String offset(RawRule raw) {
    return raw.offset().isEmpty() ? String.valueOf(MapRule.PSID_OFFSET_DEFAULT) : raw.offset();
  }

  private static Psid psid(String text) {
    return text.isEmpty() ? Psid.NONE : Psid.parse(text);
  }

  private static Layout layout(String text) {
    return text.isEmpty() ? Layout.RFC7597 : Layout.parse(text);
  }

  private static int number(String what, String text, int most) {
    boolean isNumber = text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int value = isNumber ? Integer.parseInt(text) : -1;
    if (value < 0 || value > most) {
      throw new Refused("the " + what + " is 0 to " + most + ", not '" + text + "'");
    }
    return value;
  }

  /// The value of a field, or nothing and a finding; `right` is what a right one looks like.
  private <T> Optional<T> field(
      String place, String text, Function<String, T> reading, String right) {
    try {
      return Optional.of(reading.apply(text));
    } catch (Refused refused) {
      say(Kind.UNREADABLE, place, refused.sentence(), right);
      return Optional.empty();
    }
  }

  private void hostBits(String place, String text, Function<String, ?> strict, Optional<?> masked) {
    try {
      var _ = strict.apply(text);
    } catch (Refused refused) {
      say(Kind.HOST_BITS, place, refused.sentence(), masked.map(String::valueOf).orElse(""));
    }
  }

  private void say(Kind kind, String place, String sentence, String example) {
    found.add(order, new Finding(kind, place, sentence, example));
  }
}
