package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// `check --json` on the published and computed vectors, and `who` back again.
final class VectorsTest {
  private static final Path VECTORS = Path.of("../core/src/test/resources/vectors.csv");

  /// A row of the table by its column names.
  private record Vector(Map<String, String> row) {
    String at(String column) {
      return row.getOrDefault(column, "");
    }

    int number(String column) {
      return Integer.parseInt(at(column));
    }

    boolean isShared() {
      return !at("psid").isEmpty();
    }

    String rule(String layout) {
      boolean namesPsid =
          isShared()
              && number("ea_len") + Integer.parseInt(at("rule_ipv4").split("/", -1)[1]) == 32;
      return "ipv6=%s ipv4=%s ea=%s offset=%s layout=%s relay=2001:db8:ffff::1"
              .formatted(at("rule_ipv6"), at("rule_ipv4"), at("ea_len"), at("psid_offset"), layout)
          + (namesPsid ? " psid=" + at("psid") + "/" + at("psid_len") : "");
    }
  }

  /// MAPE-22, MAPE-23, MAPE-24, MAPE-25, MAPE-27, MAPE-28
  @TestFactory
  List<DynamicTest> answersWhatTheVectorsSay() throws IOException {
    List<String> lines = Files.readAllLines(VECTORS);
    String[] names = lines.getFirst().split(",", -1);
    return lines.stream().skip(1).map(line -> vector(names, line.split(",", -1))).toList();
  }

  private static DynamicTest vector(String[] names, String[] cells) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      row.put(names[i], cells[i]);
    }
    var vector = new Vector(row);
    return DynamicTest.dynamicTest(
        vector.at("id"),
        () -> {
          check(vector, "rfc7597", vector.at("ce_rfc7597"));
          check(vector, "draft-03", vector.at("ce_draft03"));
        });
  }

  private static void check(Vector vector, String layout, String mapAddress) {
    Run run =
        Run.of("check", "--json", "--rule", vector.rule(layout), vector.at("end_user_prefix"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    Map<String, @Nullable Object> answer = JsonText.object(run.out());
    assertThat(answer)
        .containsEntry("endUserPrefix", vector.at("end_user_prefix"))
        .containsEntry("mapE", true)
        .containsEntry("mapAddress", mapAddress)
        .containsEntry("relay", "2001:db8:ffff::1")
        .containsEntry("confidence", "given")
        .containsEntry("reverseName", null)
        .containsEntry(vector.at("ipv4").contains("/") ? "ipv4Prefix" : "ipv4", vector.at("ipv4"));
    assertThat(answer.get("rule"))
        .isEqualTo(
            Map.of(
                "ipv6", vector.at("rule_ipv6"),
                "ipv4", vector.at("rule_ipv4"),
                "ea", vector.number("ea_len"),
                "psidOffset", vector.number("psid_offset"),
                "layout", layout,
                "relay", "2001:db8:ffff::1"));
    ports(vector, answer);
    if (vector.isShared()) {
      back(vector, layout, mapAddress);
    }
  }

  private static void ports(Vector vector, Map<String, @Nullable Object> answer) {
    if (!vector.isShared()) {
      assertThat(answer)
          .containsEntry("psid", null)
          .containsEntry("psidLength", 0)
          .containsEntry("portRanges", List.of(List.of(0, 65535)))
          .containsEntry("portCount", 65536);
      return;
    }
    assertThat(answer)
        .containsEntry("psid", vector.number("psid"))
        .containsEntry("psidLength", vector.number("psid_len"))
        .containsEntry("portCount", vector.number("port_count"));
    assertThat(answer.get("portRanges"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(vector.number("range_count"))
        .contains(range(vector.at("first_range")))
        .endsWith(range(vector.at("last_range")));
  }

  private static Object range(String text) {
    String[] ends = text.split("-", -1);
    return List.of(Integer.valueOf(ends[0]), Integer.valueOf(ends[1]));
  }

  /// From the address and the first port back to the prefix that the rule sees.
  private static void back(Vector vector, String layout, String mapAddress) {
    String endpoint = vector.at("ipv4") + ":" + vector.at("first_range").split("-", -1)[0];
    Run run = Run.of("who", "--json", "--rule", vector.rule(layout), endpoint);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(JsonText.object(run.out()))
        .containsEntry("mapAddress", mapAddress)
        .containsEntry("psid", vector.number("psid"))
        .containsEntry("service", "rule");
  }
}
