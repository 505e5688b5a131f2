package watari.core.rule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.fuzz.Mutations;

/// Rules as text that somebody wrote: whatever it is, the lint has something to say or nothing, and
/// a rule is refused in a sentence or gives ports that are each at one place of the set.
final class RuleTextFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "",
            " ",
            "2001:db8::/40 192.0.2.0/24 16 6",
            "2001:db8::/40 192.0.2.0/24 16 4 0x34/8 draft",
            "2001:db8:1::/48 192.0.2.18/32 0 6 0/0 rfc7597",
            "2400::/32 203.0.0.0/8 32 0\n2400:1::/32 203.0.0.0/16 16 15",
            "2001:db8::/40 192.0.2.0/30 1 6\n2001:db8::/56 192.0.2.0/24 16 6")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsARuleOrRefuses(byte[] input) {
    List<String[]> lines =
        new String(input, UTF_8).lines().limit(8).map(line -> line.split(" ", 6)).toList();
    List<RawRule> raws = lines.stream().map(words -> raw(words)).toList();
    var domain = new RawDomain("line 1", "text", "2001:db8:ffff::1", raws);
    List<Finding> findings = RuleLint.findings(List.of(domain));
    assertThat(findings).allSatisfy(finding -> assertThat(finding.toString()).isNotBlank());
    try {
      List<MapRule> rules = lines.stream().map(words -> rule(words)).toList();
      rules.forEach(RuleTextFuzzTest::checkPorts);
      new RuleTable(
          List.of(new MapDomain("text", Ipv6Address.parse("::1"), true, Confidence.SEEN, rules)));
    } catch (Refused refused) {
      assertThat(refused.sentence()).isNotBlank();
    }
  }

  private static String word(String[] words, int index, String otherwise) {
    return index < words.length ? words[index] : otherwise;
  }

  private static RawRule raw(String[] words) {
    return new RawRule(
        "line 2",
        word(words, 0, ""),
        word(words, 1, ""),
        word(words, 2, ""),
        word(words, 3, ""),
        word(words, 4, ""),
        word(words, 5, ""));
  }

  private static MapRule rule(String[] words) {
    return new MapRule(
        Ipv6Prefix.parse(word(words, 0, "")),
        Ipv4Prefix.parse(word(words, 1, "")),
        number(word(words, 2, "")),
        number(word(words, 3, "")),
        Psid.parse(word(words, 4, "0/0")),
        Layout.parse(word(words, 5, "rfc7597")));
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,4}")) {
      throw new Refused("no number");
    }
    return Integer.parseInt(text);
  }

  private static void checkPorts(MapRule rule) {
    Identity identity =
        rule.identity(new Ipv6Prefix(rule.ipv6().high(), rule.ipv6().low(), rule.endUserLength()));
    PortSet ports = identity.ports();
    for (int index = 0; index < ports.size(); index += 1 + ports.size() / 8) {
      assertThat(ports.index(ports.port(index))).isEqualTo(index);
    }
  }

  @Test
  void readsARuleOrRefusesNearTheSeeds() {
    Mutations.feed(seeds(), 100_000, this::readsARuleOrRefuses);
  }
}
