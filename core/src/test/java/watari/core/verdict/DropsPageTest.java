package watari.core.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// `docs/drops.md` says of each reason what the code says. `-Dupdate` writes it anew.
final class DropsPageTest {
  private static final Path PAGE = Path.of("../docs/drops.md");

  private static final String HEAD =
      """
      # Why a packet is dropped

      Every packet that does not go on ends in one of these. The name is the counter's in
      `watari counters`, under `drops` of its direction: `outbound` and `inbound` of a gateway,
      `upstream` and `downstream` of a relay. Each packet received has one name, in `passed` or in
      `drops`. `fragmentTimedOut` and `fragmentMemoryFull` come on top: they count whole packets whose
      fragments were `held` and never became complete.

      This page is written from the code; a test holds them together.

      | counter | what it was |
      |---|---|
      """;

  private static final String PASSES =
      """

      ## And what passes

      | counter | what it was |
      |---|---|
      """;

  @Test
  void everyReasonStandsOnThePageWithItsSentence() throws IOException {
    var page = new StringBuilder(HEAD);
    for (Drop drop : Drop.values()) {
      row(page, drop.name(), drop.sentence());
    }
    page.append(PASSES);
    for (Pass pass : Pass.values()) {
      row(page, pass.name(), pass.sentence());
    }
    if (System.getProperty("update") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
  }

  private static void row(StringBuilder page, String name, String sentence) {
    page.append("| `").append(camelCase(name)).append("` | ").append(sentence).append(" |\n");
  }

  private static String camelCase(String constant) {
    var name = new StringBuilder();
    for (String word : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
