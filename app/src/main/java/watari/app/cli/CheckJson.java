package watari.app.cli;

import watari.app.config.Match;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Identity;
import watari.core.rule.MapRule;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;

/// The answers of `check` and the rules as JSON, an object a line; `docs/tools.md` describes them.
final class CheckJson {
  private final Json json;

  CheckJson(Json json) {
    this.json = json;
  }

  void answer(Ipv6Prefix endUserPrefix, CheckAnswer answer) {
    json.begin().name("endUserPrefix").text(endUserPrefix.toString());
    switch (answer) {
      case CheckAnswer.MapE(Match match, Identity identity) -> mapE(match, identity);
      case CheckAnswer.NoRule none -> no(reason(none));
      case CheckAnswer.TooShort(_, _, String sentence) -> no(sentence);
    }
    json.end().line();
  }

  private void no(String reason) {
    json.name("mapE").yesNo(false).name("reason").text(reason);
  }

  private static String reason(CheckAnswer.NoRule none) {
    Comparison nearest = none.nearest();
    String where =
        nearest.isTooShort()
            ? "is longer than the prefix"
            : "differs at bit " + nearest.equalBits() + ", counted from 0";
    return "no rule matches; the nearest, "
        + nearest.rule()
        + " of "
        + none.service().name()
        + ", "
        + where;
  }

  private void mapE(Match match, Identity identity) {
    json.name("mapE").yesNo(true).name("service").text(match.service().name());
    json.name("rule").begin();
    fields(match.rule(), match.domain().relay());
    json.end();
    if (identity.ipv4().length() == 32) {
      json.name("ipv4").ipv4(identity.ipv4().bits());
    } else {
      json.name("ipv4Prefix").text(identity.ipv4().toString());
    }
    ports(identity.ports());
    json.name("mapAddress").text(identity.mapAddress().toString());
    relay(match.domain().relay());
    json.name("reverseName");
    match.reverseName(identity).ifPresentOrElse(json::text, json::nothing);
    json.name("confidence").text(match.domain().confidence().label());
  }

  /// A rule on a line of its own, with where it comes from.
  void rule(Match match) {
    json.begin().name("service").text(match.service().name());
    fields(match.rule(), match.domain().relay());
    json.name("psid");
    if (match.rule().psid().isPresent()) {
      json.text(match.rule().psid().toString());
    } else {
      json.nothing();
    }
    json.name("mesh").yesNo(match.domain().mesh());
    json.name("confidence").text(match.domain().confidence().label()).end().line();
  }

  private void fields(MapRule rule, Ipv6Address relay) {
    json.name("ipv6").text(rule.ipv6().toString());
    json.name("ipv4").text(rule.ipv4().toString());
    json.name("ea").number(rule.eaLength());
    json.name("psidOffset").number(rule.psidOffset());
    json.name("layout").text(rule.layout().toString());
    relay(relay);
  }

  private void relay(Ipv6Address relay) {
    json.name("relay");
    if (relay.equals(Ipv6Address.UNSPECIFIED)) {
      json.nothing();
    } else {
      json.text(relay.toString());
    }
  }

  private void ports(PortSet ports) {
    Psid psid = ports.psid();
    json.name("psid");
    if (psid.isPresent()) {
      json.number(psid.value());
    } else {
      json.nothing();
    }
    json.name("psidLength").number(psid.length()).name("portRanges").beginList();
    for (int range = 0; range < ports.rangeCount(); range++) {
      json.beginList().number(ports.first(range)).number(ports.last(range)).endList();
    }
    json.endList().name("portCount").number(ports.size());
  }
}
