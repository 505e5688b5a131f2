package watari.app.cli;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import watari.app.config.Match;
import watari.app.config.Service;
import watari.app.config.Services;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Identity;
import watari.core.rule.PortSet;

/// The answers of `check` for a person: every rule down to the first bit that differs, then what
/// the line is.
final class CheckText {
  /// A service with more rules shows only the nearest ones.
  private static final int RULES_SHOWN_MAX = 8;

  private static final int NEAREST_SHOWN = 2;
  private static final int RANGES_IN_A_ROW = 5;

  private final Services services;
  private final boolean showsAll;
  private final Words words;
  private final StringBuilder out = new StringBuilder();

  CheckText(Services services, boolean showsAll, Words words) {
    this.services = services;
    this.showsAll = showsAll;
    this.words = words;
  }

  /// The text for one prefix.
  String answer(Ipv6Prefix endUserPrefix, CheckAnswer answer) {
    out.setLength(0);
    line(words.say("check.heading", endUserPrefix));
    for (Service service : services.list()) {
      trace(endUserPrefix, service);
    }
    line("");
    switch (answer) {
      case CheckAnswer.MapE(Match match, Identity identity) -> mapE(match, identity);
      case CheckAnswer.NoRule(Service service, Comparison nearest) -> noRule(service, nearest);
      case CheckAnswer.TooShort(_, var prefix, String sentence) -> {
        line(words.say("check.no", prefix));
        line("  " + words.say("check.tooShort", sentence));
      }
    }
    return out.toString();
  }

  private void noRule(Service service, Comparison nearest) {
    line(words.say("check.noneMatched"));
    line(words.say("check.no", nearest.endUserPrefix()));
    line(
        "  "
            + words.say(
                nearest.isTooShort() ? "check.nearestLonger" : "check.nearest",
                nearest.rule(),
                service.name(),
                nearest.equalBits()));
  }

  private void trace(Ipv6Prefix endUserPrefix, Service service) {
    List<Comparison> all =
        service.rules().stream().map(rule -> Comparison.of(endUserPrefix, rule.ipv6())).toList();
    line("");
    line(title(service));
    Set<Integer> shown = shown(all);
    for (int i = 0; i < all.size(); i++) {
      if (shown.contains(i)) {
        trace(i, all.get(i));
      }
    }
    if (shown.size() < all.size()) {
      line("  " + words.say("check.more", all.size() - shown.size()));
    }
  }

  private Set<Integer> shown(List<Comparison> all) {
    int most = showsAll || all.size() <= RULES_SHOWN_MAX ? all.size() : NEAREST_SHOWN;
    Comparator<Integer> nearestFirst =
        Comparator.comparingInt((Integer i) -> all.get(i).equalBits()).reversed();
    return new HashSet<>(
        IntStream.range(0, all.size()).boxed().sorted(nearestFirst).limit(most).toList());
  }

  private void trace(int index, Comparison comparison) {
    String verdict =
        comparison.matches()
            ? words.say("check.matched")
            : comparison.isTooShort()
                ? words.say("check.prefixEnds", comparison.endUserPrefix().length())
                : words.say("check.differs", comparison.equalBits());
    String rule = "Rule#%-3d %-20s ".formatted(index, comparison.rule());
    line("  " + rule + comparison.trace() + "  " + verdict);
  }

  private String title(Service service) {
    String title = words.isJapanese() ? service.titleJapanese() : service.title();
    String name = title.equals(service.name()) ? title : service.name() + " (" + title + ")";
    return words.say("check.rules", name, service.rules().size());
  }

  private void mapE(Match match, Identity identity) {
    line(words.say("check.yes", identity.endUserPrefix()));
    line(words.row("service", match.service().name()));
    line(words.row("rule", match.rule().toString()));
    boolean isAddress = identity.ipv4().length() == 32;
    String ipv4 = identity.ipv4().toString();
    line(
        isAddress
            ? words.row("ipv4", ipv4.substring(0, ipv4.indexOf('/')) + sharing(identity))
            : words.row("ipv4Prefix", ipv4));
    ports(identity.ports());
    line(words.row("mapAddress", identity.mapAddress().toString()));
    if (!identity.isDerivable()) {
      line(words.row("warning", words.say("check.notDerivable", match.rule().endUserLength())));
    }
    if (!match.domain().relay().equals(Ipv6Address.UNSPECIFIED)) {
      line(words.row("relay", match.domain().relay().toString()));
    }
    match.reverseName(identity).ifPresent(name -> line(words.row("reverseName", name)));
    line(words.row("confidence", confidence(match)));
  }

  private String sharing(Identity identity) {
    return identity.isShared()
        ? words.say("sharedBy", 1 << identity.ports().psid().length())
        : words.say("notShared");
  }

  private String confidence(Match match) {
    String label = match.domain().confidence().label();
    return words.say("confidence." + label, label);
  }

  private void ports(PortSet ports) {
    if (ports.isAll()) {
      line(words.row("ports", words.say("allPorts")));
      return;
    }
    int psid = ports.psid().value();
    line(
        words.row(
            "psid",
            words.say("psidValue", psid, Integer.toHexString(psid), ports.psid().length())));
    line(
        words.row(
            "ports", words.say("portsValue", ports.size(), ports.rangeCount(), ports.rangeSize())));
    for (int range = 0; range < ports.rangeCount(); range++) {
      out.append(range % RANGES_IN_A_ROW == 0 ? " ".repeat(17) : "")
          .append(' ')
          .append(ports.first(range))
          .append('-')
          .append(ports.last(range))
          .append(isEndOfRow(range, ports.rangeCount()) ? "\n" : "");
    }
  }

  private static boolean isEndOfRow(int range, int count) {
    return range % RANGES_IN_A_ROW == RANGES_IN_A_ROW - 1 || range == count - 1;
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
