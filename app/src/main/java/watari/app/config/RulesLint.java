package watari.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import watari.core.rule.Finding;
import watari.core.rule.RawDomain;
import watari.core.rule.RawRule;
import watari.core.rule.RuleLint;

/// Everything that is wrong or wasteful in a rules file, also in one that [RulesFile] refuses: it
/// reads the values as text and leaves the judging to [RuleLint].
///
/// @param problems of the text: no YAML, unknown keys, lists that are none
/// @param findings about the rules
public record RulesLint(List<Problem> problems, List<Finding> findings) {

  public RulesLint {
    problems = List.copyOf(problems);
    findings = List.copyOf(findings);
  }

  /// Reads a file.
  public static RulesLint of(Path file) {
    var problems = new Problems(file.toString());
    String text = ConfigText.read(file, problems);
    Node node = text == null ? null : YamlText.parse(text, problems);
    Form form =
        node == null ? null : Form.open(node, "a rules file", RulesFile.FILE_KEYS, problems);
    List<RawDomain> domains =
        form == null
            ? null
            : form.required("domains", Kind.list((item, _, _) -> domain(item, problems)));
    return new RulesLint(problems.list(), domains == null ? List.of() : RuleLint.findings(domains));
  }

  private static @Nullable RawDomain domain(Node node, Problems problems) {
    Form form = Form.open(node, "a domain", RulesFile.DOMAIN_KEYS, problems);
    if (form == null) {
      return null;
    }
    String layout = form.required("layout", Kind.raw());
    List<RawRule> rules = new ArrayList<>();
    if (form.has("rules")) {
      List<RawRule> read =
          form.optional("rules", Kind.list((item, _, _) -> rule(item, form, layout, problems)));
      rules.addAll(read == null ? List.of() : read);
    }
    return new RawDomain(line(node), form.raw("name"), form.raw("relay"), rules);
  }

  private static @Nullable RawRule rule(
      Node node, Form domain, @Nullable String layout, Problems problems) {
    Form form = Form.open(node, "a rule", RulesFile.RULE_KEYS, problems);
    return form == null
        ? null
        : new RawRule(
            line(node),
            form.raw("ipv6"),
            form.raw("ipv4"),
            form.raw("ea"),
            (form.has("psidOffset") ? form : domain).raw("psidOffset"),
            form.raw("psid"),
            layout == null ? "" : layout);
  }

  private static String line(Node node) {
    return "line " + node.place().line();
  }
}
