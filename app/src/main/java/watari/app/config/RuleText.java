package watari.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;

/// One rule written by hand on a line: `ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16 offset=6
/// layout=rfc7597 relay=2001:db8:ffff::1 psid=0x34/8`.
///
/// Without `offset` it is 6 and without `layout` rfc7597, the RFC's own; without `relay` the rule
/// has none.
public final class RuleText {
  /// The name of the domain and service that such a rule makes.
  public static final String NAME = "rule";

  private static final List<String> KEYS =
      List.of("ipv6", "ipv4", "ea", "offset", "layout", "relay", "psid");
  private static final Pattern WORD = Pattern.compile("\\S+");

  private RuleText() {}

  /// The domain of the one rule; its relay is `::` where none is given.
  public static Checked<MapDomain> parse(String text) {
    var problems = new Problems("--rule");
    Form form = Form.open(node(text, problems), "a rule", KEYS, problems);
    if (form == null) {
      return problems.invalid();
    }
    Ipv6Prefix ipv6 = form.required("ipv6", Kind.of(Ipv6Prefix::parse));
    Ipv4Prefix ipv4 = form.required("ipv4", Kind.of(Ipv4Prefix::parse));
    Integer ea = form.required("ea", Kind.number(0, 48));
    int offset = form.optional("offset", MapRule.PSID_OFFSET_DEFAULT, Kind.number(0, 15));
    Layout layout = form.optional("layout", Layout.RFC7597, Kind.of(Layout::parse));
    Psid psid = form.optional("psid", Psid.NONE, Kind.of(Psid::parse));
    Ipv6Address relay = form.optional("relay", Ipv6Address.UNSPECIFIED, Kind.of(Unicast::ipv6));
    if (!problems.isEmpty() || ipv6 == null || ipv4 == null || ea == null) {
      return problems.invalid();
    }
    try {
      var rule = new MapRule(ipv6, ipv4, ea, offset, psid, layout);
      return new Checked.Valid<>(
          new MapDomain(NAME, relay, false, Confidence.GIVEN, List.of(rule)));
    } catch (Refused refused) {
      problems.add(Place.WHOLE, refused.sentence());
      return problems.invalid();
    }
  }

  private static Node node(String text, Problems problems) {
    List<Node.Entry> entries = new ArrayList<>();
    WORD.matcher(text).results().forEach(word -> add(word, entries, problems));
    return new Node.Mapping(Place.WHOLE, entries);
  }

  private static void add(MatchResult word, List<Node.Entry> entries, Problems problems) {
    var place = new Place(1, word.start() + 1);
    int equals = word.group().indexOf('=');
    if (equals < 1) {
      problems.add(place, "'" + word.group() + "' is not KEY=VALUE, as in ea=16");
      return;
    }
    String value = word.group().substring(equals + 1);
    var type =
        value.isEmpty()
            ? Node.Type.NOTHING
            : value.chars().allMatch(Character::isDigit) ? Node.Type.NUMBER : Node.Type.TEXT;
    var node = new Node.Scalar(new Place(1, word.start() + equals + 2), value, type);
    entries.add(new Node.Entry(place, word.group().substring(0, equals), node));
  }
}
