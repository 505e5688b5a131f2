package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainTest {
  private static final String NURO = "240d:f:88c:8100::/56";
  private static final String OTHER = "2001:db8::/56";

  @Test
  void endsWithThreeWhenOnePrefixIsNotMapEAndWithTwoWhenOneCannotBeRead() {
    assertThat(Run.of("check", NURO).exitCode()).isZero();
    assertThat(Run.of("check", NURO, OTHER).exitCode()).isEqualTo(3);
    assertThat(Run.of("check", OTHER, "x", NURO).exitCode()).isEqualTo(2);
    assertThat(Run.withInput(NURO + "\n" + NURO + "\n", "check", "-").exitCode()).isZero();
    assertThat(Run.of("who", "219.104.136.140:6160").exitCode()).isZero();
    assertThat(Run.of("who", "219.104.136.140:80").exitCode()).isEqualTo(3);
    assertThat(Run.of("who", "219.104.136.140").exitCode()).isEqualTo(2);
  }

  @Test
  void explainsOptionsHoweverLong() {
    assertThat(Run.of("explain", "00".repeat(10_000)).exitCode()).isZero();
    assertThat(Run.of("explain", "00:".repeat(9999) + "00").exitCode()).isZero();
  }

  @Test
  void namesTheLineOfAMalformedPrefix() {
    Run run = Run.withInput(NURO + "\n\nbad\n" + NURO + "\n", "check", "--json", "-");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("watari: line 3: 'bad'");
    assertThat(JsonText.lines(run.out())).hasSize(3);
    assertThat(JsonText.lines(run.out()).get(1)).containsEntry("line", 3).containsKey("error");
  }

  @ParameterizedTest
  @CsvSource({
    "LC_ALL,ja_JP.UTF-8,true",
    "LC_MESSAGES,ja,true",
    "LANG,ja_JP.eucJP,true",
    "LANG,en_US.UTF-8,false",
    "LANG,C,false",
  })
  void speaksTheLanguageOfTheEnvironment(String name, String value, boolean isJapanese) {
    Run run = Run.of(Map.of(name, value), "", false, "check", NURO);
    assertThat(run.out().contains("MAP-E です")).isEqualTo(isJapanese);
  }

  @Test
  void letsLcAllAndTheOptionDecideBeforeLang() {
    var environment = Map.of("LANG", "ja_JP.UTF-8", "LC_ALL", "C");
    assertThat(Run.of(environment, "", false, "check", NURO).out()).contains("is for MAP-E");
    assertThat(Run.of(environment, "", false, "check", "--lang", "ja", NURO).out())
        .contains("MAP-E です");
    assertThat(Run.of(environment, "", false, "--lang", "ja", "check", "x").err())
        .contains("「x」は IPv6 プレフィックスとして読めません");
  }

  @Test
  void hasColoursOnlyOnATerminalThatWantsThem() {
    String[] command = {"explain", NURO};
    assertThat(Run.of(Map.of(), "", true, command).out()).contains("\u001b[");
    assertThat(Run.of(Map.of(), "", false, command).out()).doesNotContain("\u001b");
    assertThat(Run.of(Map.of("NO_COLOR", "1"), "", true, command).out()).doesNotContain("\u001b");
    assertThat(Run.of(Map.of("TERM", "dumb"), "", true, command).out()).doesNotContain("\u001b");
  }

  @Test
  void doesNotPassOnWhatCouldSteerATerminal() {
    assertThat(Run.of("check", "\u001b[2Jx\n").err()).doesNotContain("\u001b").contains("?[2Jx?");
    assertThat(Run.of("check", "x".repeat(100_000)).err()).hasSizeLessThan(500);
  }

  /// NURO's offset and layout are inferred: said wherever they are shown.
  @Test
  void saysWhatIsInferred() {
    for (String[] command :
        new String[][] {
          {"check", NURO},
          {"check", "--json", NURO},
          {"who", "219.104.136.140:6160"},
          {"who", "--json", "219.104.136.140:6160"},
          {"explain", NURO},
          {"explain", "219.104.136.140"},
          {"explain", "--service", "nuro", "5475"},
          {"rules", "list"},
          {"rules", "list", "--json"},
        }) {
      assertThat(Run.of(command).out()).as(String.join(" ", command)).contains("inferred");
    }
  }

  @Test
  void turnsAnErrorIntoASentence() {
    InputStream hungry = failing(new OutOfMemoryError("Java heap space"));
    InputStream wrong = failing(new AssertionError("a table without legs"));
    var err = new ByteArrayOutputStream();
    assertThat(Main.run(console(hungry, err), "who", "-")).isEqualTo(1);
    assertThat(Main.run(console(wrong, err), "who", "-")).isEqualTo(70);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("watari: there is not enough memory"),
            second -> assertThat(second).contains("a mistake of Watari", "a table without legs"));
  }

  private static InputStream failing(Error error) {
    return new InputStream() {
      @Override
      public int read() {
        throw error;
      }

      @Override
      public int read(byte[] bytes, int from, int length) {
        throw error;
      }
    };
  }

  private static Console console(InputStream in, OutputStream err) {
    return new Console(
        in,
        OutputStream.nullOutputStream(),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of(),
        false);
  }

  @Test
  void turnsAnUnexpectedExceptionIntoASentence() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the disk is gone");
          }

          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            throw new IOException("the disk is gone");
          }
        };
    var err = new ByteArrayOutputStream();
    assertThat(Main.run(console(broken, err), "who", "-")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("watari: input or output failed: the disk is gone\n");
  }
}
