package watari.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Ipv6Address;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.Psid;

final class RulesFileTest {
  private static final String EXAMPLE =
      """
      domains:
        - name: example
          relay: 2001:db8:ffff::1
          layout: rfc7597        # or draft-03
          psidOffset: 6
          mesh: false
          rules:
            - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
      """;

  private static List<MapDomain> valid(String text) {
    return switch (RulesFile.parse(text, "rules.yaml")) {
      case Checked.Valid<List<MapDomain>>(var domains) -> domains;
      case Checked.Invalid<List<MapDomain>>(var problems) -> throw new AssertionError(problems);
    };
  }

  private static List<String> problems(Checked<?> checked) {
    return ((Checked.Invalid<?>) checked).problems().stream().map(Problem::toString).toList();
  }

  private static List<String> problems(String text) {
    return problems(RulesFile.parse(text, "rules.yaml"));
  }

  @Test
  void readsTheExampleOfTheDocumentation() {
    MapDomain domain = valid(EXAMPLE).getFirst();
    assertThat(domain.name()).isEqualTo("example");
    assertThat(domain.relay()).isEqualTo(Ipv6Address.parse("2001:db8:ffff::1"));
    assertThat(domain.mesh()).isFalse();
    assertThat(domain.confidence()).isEqualTo(Confidence.GIVEN);
    assertThat(domain.rules()).hasSize(1);
    assertThat(domain.rules().getFirst().layout()).isEqualTo(Layout.RFC7597);
    assertThat(domain.rules().getFirst().toString())
        .isEqualTo("2001:db8::/40 192.0.2.0/24 ea=16 offset=6 layout=rfc7597");
  }

  /// MAPE-16: the offset is 6 where the file gives none.
  @Test
  void takesOffsetSixWhereNoneIsGiven() {
    var rule = valid(EXAMPLE.replace("    psidOffset: 6\n", "")).getFirst().rules().getFirst();
    assertThat(rule.psidOffset()).isEqualTo(6);
  }

  @Test
  void readsARuleWithItsOwnOffsetAndPsid() {
    String text =
        EXAMPLE
            .replace("ea: 16", "ea: 0, psid: 0x34/8, psidOffset: 4")
            .replace("192.0.2.0/24", "192.0.2.18/32");
    var rule = valid(text).getFirst().rules().getFirst();
    assertThat(rule.psidOffset()).isEqualTo(4);
    assertThat(rule.psid()).isEqualTo(new Psid(0x34, 8));
  }

  /// MAPE-28: the layout is never guessed.
  @Test
  void demandsTheLayout() {
    assertThat(problems(EXAMPLE.replaceAll("    layout.*\n", "")))
        .containsExactly("rules.yaml:2:5: the key 'layout' is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "psidOffset: 6    | psidOfset: 6     | 5:5: a domain has no key 'psidOfset'; did you mean 'psidOffset'?",
        "mesh: false      | colour: red      | 6:5: a domain has no key 'colour'; it may have name, relay,",
        "mesh: false      | mesh: perhaps    | 6:11: 'mesh' is true or false, not text",
        "psidOffset: 6    | psidOffset: 16   | 5:17: 'psidOffset' is a number from 0 to 15, not 16",
        "psidOffset: 6    | psidOffset: six  | 5:17: 'psidOffset' is a number from 0 to 15, not text",
        "psidOffset: 6    | psidOffset: 6.5  | 5:17: 'psidOffset' is a number from 0 to 15, not 6.5",
        "psidOffset: 6    | psidOffset: [6]  | 5:17: 'psidOffset' is a number from 0 to 15, not a list",
        "psidOffset: 6    | name: again      | 5:5: the key 'name' stands here a second time",
        "name: example    | name: 42         | 2:11: 'name' is text, not a number; write it in quotes: \"42\"",
        "name: example    | 'name:'          | 2:10: 'name' is text, not nothing",
        "name: example    | name: *x         | 2:11: '*x': write the value out, aliases are not read",
        "2001:db8:ffff::1 | 2001:db8:fffg::1 | 3:12: 'relay': '2001:db8:fffg::1' is not an IPv6 address",
        "rfc7597          | rfc9999          | 4:13: 'layout': 'rfc9999' is not a layout: it is rfc7597 or draft-03",
        "ea: 16           | ea: 49           | 8:55: 'ea' is a number from 0 to 48, not 49",
        "ea: 16           | ae: 16           | 8:51: a rule has no key 'ae'; did you mean 'ea'?",
        "ea: 16           | ea: 25           | 8:9: 192.0.2.0/24 with 25 EA bits would make a PSID of 17 bits",
        "192.0.2.0/24     | 192.0.2.1/24     | 8:37: 'ipv4': ",
        "2001:db8::/40    | 2001:db8::1/40   | 8:16: 'ipv6': ",
      })
  void namesLineAndColumnOfAProblem(String right, String wrong, String expected) {
    assertThat(problems(EXAMPLE.replaceFirst(Pattern.quote(right), wrong)))
        .anySatisfy(problem -> assertThat(problem).startsWith("rules.yaml:" + expected));
  }

  @Test
  void saysEveryProblemAtOnce() {
    String text =
        """
        domains:
          - name: a
            relay: nowhere
            layot: rfc7597
            rules:
              - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/33, ea: x}
              - 7
        extra: 1
        """;
    assertThat(problems(text).stream().map(problem -> problem.split(": ", 2)[0]))
        .containsExactly(
            "rules.yaml:8:1",
            "rules.yaml:4:5",
            "rules.yaml:3:12",
            "rules.yaml:2:5",
            "rules.yaml:6:37",
            "rules.yaml:6:55",
            "rules.yaml:7:9");
  }

  /// MAPE-06, MAPE-12, MAPE-13: rules that contradict each other.
  @Test
  void refusesRulesThatContradictEachOther() {
    String second =
        "      - {ipv6: 2001:db8:100::/40, ipv4: 192.0.2.0/25, ea: 15, psidOffset: 4}\n";
    assertThat(problems(EXAMPLE + second)).singleElement().asString().contains("offset 4");
    assertThat(problems(EXAMPLE + "      - {ipv6: 2001:db8::/40, ipv4: 198.51.100.0/24, ea: 16}\n"))
        .singleElement()
        .asString()
        .startsWith("rules.yaml:2:5: ")
        .contains("2001:db8::/40");
  }

  @Test
  void refusesTwoDomainsOfOneName() {
    String twice = EXAMPLE + EXAMPLE.substring(9).replace("db8::/40", "db9::/40");
    assertThat(problems(twice))
        .containsExactly("rules.yaml:9:11: the domain on line 2 is called 'example' already");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                      | rules.yaml: the file is empty",
        "'domains: []'           | rules.yaml:1:10: 'domains' is a list with at least one item",
        "'domains: 1'            | rules.yaml:1:10: 'domains' is a list with at least one item",
        "'[1]'                   | rules.yaml:1:1: a rules file is a group of the keys domains, not a list",
        "'rules: 1'              | rules.yaml:1:1: a rules file has no key 'rules'; it may have domains",
        "'a: {b: 2001:db8::}'    | rules.yaml:1:17: this is not YAML: expected ',' or '}', but got :; an address",
        "'a: [1'                 | rules.yaml:1:6: this is not YAML: expected ',' or ']', but got <stream end>",
        "'? [a, b]'              | rules.yaml:1:4: this is not YAML: ",
      })
  void saysWhatIsNoRulesFile(String text, String expected) {
    assertThat(problems(text)).anySatisfy(problem -> assertThat(problem).startsWith(expected));
  }

  @Test
  void saysWhereASecondDocumentBegins() {
    assertThat(problems(EXAMPLE + "---\na: 1\n"))
        .anySatisfy(problem -> assertThat(problem).contains(":10:1: a second document"));
  }

  @Test
  void saysWhereATabStands() {
    assertThat(problems("domains:\n\t- name: x\n"))
        .anySatisfy(problem -> assertThat(problem).startsWith("rules.yaml:2:1: this is not YAML"));
  }

  @Test
  void refusesDeepNesting() {
    assertThat(problems("[".repeat(1000)))
        .containsExactly("rules.yaml:1:34: the text is nested deeper than 32 levels");
  }

  /// Each line would double the text if aliases were followed.
  @Test
  void doesNotFollowAliases() {
    var bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problems(bomb.toString()))
        .anySatisfy(problem -> assertThat(problem).contains(":2:10: '*a0': write the value out"));
  }

  @Test
  void saysAtMostAHundredProblems() {
    var text = new StringBuilder("domains: [1]\n");
    for (int i = 0; i < 500; i++) {
      text.append("key").append(i).append(": 1\n");
    }
    assertThat(problems(text.toString()))
        .hasSize(101)
        .last()
        .asString()
        .contains("there are more problems");
  }

  @Test
  void saysWhyAFileCannotBeRead(@TempDir Path folder) throws IOException {
    assertThat(problems(RulesFile.read(folder.resolve("none.yaml"))))
        .containsExactly(folder.resolve("none.yaml") + ": there is no such file");
    assertThat(problems(RulesFile.read(folder)))
        .containsExactly(folder + ": the file cannot be read: it is a folder");
    Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4});
    assertThat(problems(RulesFile.read(latin)))
        .containsExactly(latin + ": the file is not UTF-8 text");
    Path large = folder.resolve("large.yaml");
    Files.write(large, "#".repeat((16 << 20) + 1).getBytes(StandardCharsets.UTF_8));
    assertThat(problems(RulesFile.read(large)))
        .containsExactly(large + ": the file is larger than 16 MiB; split it");
  }
}
