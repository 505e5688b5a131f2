package watari.app.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;

/// A rules file: `domains:` with the domains and their rules, as `docs/tools.md` describes it.
///
/// The layout of the MAP address must be written, it is never guessed. Without `psidOffset` the
/// offset is 6 (RFC 7597 §5.1); a rule may have its own.
public final class RulesFile {
  static final List<String> FILE_KEYS = List.of("domains");
  static final List<String> DOMAIN_KEYS =
      List.of("name", "relay", "layout", "psidOffset", "mesh", "rules");
  static final List<String> RULE_KEYS = List.of("ipv6", "ipv4", "ea", "psid", "psidOffset");

  private static final Kind<Integer> OFFSET = Kind.number(0, 15);

  private final Problems problems;
  private final Map<String, Place> names = new HashMap<>();

  private RulesFile(Problems problems) {
    this.problems = problems;
  }

  /// Reads a file.
  public static Checked<List<MapDomain>> read(Path file) {
    var problems = new Problems(file.toString());
    String text = ConfigText.read(file, problems);
    return text == null ? problems.invalid() : parse(text, problems);
  }

  /// Reads a text.
  ///
  /// @param source what the text is called in problems
  public static Checked<List<MapDomain>> parse(String text, String source) {
    return parse(text, new Problems(source));
  }

  private static Checked<List<MapDomain>> parse(String text, Problems problems) {
    Node node = YamlText.parse(text, problems);
    Form form = node == null ? null : Form.open(node, "a rules file", FILE_KEYS, problems);
    List<MapDomain> domains = form == null ? null : domains(form, problems);
    return domains == null || !problems.isEmpty()
        ? problems.invalid()
        : new Checked.Valid<>(domains);
  }

  /// The domains at the key `domains` of a form, or null with the problems said.
  static @Nullable List<MapDomain> domains(Form form, Problems problems) {
    var file = new RulesFile(problems);
    List<MapDomain> domains = form.required("domains", Kind.list(file::domain));
    if (domains == null || !problems.isEmpty()) {
      return null;
    }
    try {
      new RuleTable(domains); // refuses rules that contradict each other
      return domains;
    } catch (Refused refused) {
      problems.add(form.place("domains"), refused.sentence());
      return null;
    }
  }

  private @Nullable MapDomain domain(Node node, String key, Problems problems) {
    Form form = Form.open(node, "a domain", DOMAIN_KEYS, problems);
    if (form == null) {
      return null;
    }
    String name = form.required("name", Kind.text());
    Ipv6Address relay = form.required("relay", Kind.of(Unicast::ipv6));
    Layout layout = form.required("layout", Kind.of(Layout::parse));
    int offset = form.optional("psidOffset", MapRule.PSID_OFFSET_DEFAULT, OFFSET);
    boolean mesh = form.optional("mesh", false, Kind.yesNo());
    Layout stated = layout == null ? Layout.RFC7597 : layout; // to find the rules' problems too
    List<MapRule> rules =
        form.required("rules", Kind.list((item, _, _) -> rule(item, offset, stated)));
    if (name == null || relay == null || layout == null || rules == null || rules.isEmpty()) {
      return null;
    }
    checkName(name, form.place("name"));
    return made(form.place(), () -> new MapDomain(name, relay, mesh, Confidence.GIVEN, rules));
  }

  private void checkName(String name, Place place) {
    Place other = names.putIfAbsent(name, place);
    if (other != null) {
      problems.add(
          place, "the domain on line " + other.line() + " is called '" + name + "' already");
    }
  }

  private @Nullable MapRule rule(Node node, int domainOffset, Layout layout) {
    Form form = Form.open(node, "a rule", RULE_KEYS, problems);
    return form == null
        ? null
        : rule(form, form.optional("psidOffset", domainOffset, OFFSET), layout);
  }

  private @Nullable MapRule rule(Form form, int offset, Layout layout) {
    Ipv6Prefix ipv6 = form.required("ipv6", Kind.of(Ipv6Prefix::parse));
    Ipv4Prefix ipv4 = form.required("ipv4", Kind.of(Ipv4Prefix::parse));
    Integer ea = form.required("ea", Kind.number(0, 48));
    Psid psid = form.optional("psid", Psid.NONE, Kind.of(Psid::parse));
    return ipv6 == null || ipv4 == null || ea == null
        ? null
        : made(form.place(), () -> new MapRule(ipv6, ipv4, ea, offset, psid, layout));
  }

  /// What `maker` makes, or null with its refusal said at a place.
  private <T> @Nullable T made(Place place, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (Refused refused) {
      problems.add(place, refused.sentence());
      return null;
    }
  }
}
