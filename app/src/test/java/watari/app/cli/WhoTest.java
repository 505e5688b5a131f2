package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import watari.app.config.Services;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.rule.Identity;
import watari.core.rule.RuleTable;

final class WhoTest {
  private static final RuleTable TABLE = Services.builtIn().table();

  /// An address of some rule, or with a few bits turned, and a port.
  private static long endpoint(Random random) {
    int address = TABLE.rule(random.nextInt(TABLE.size())).ipv4().bits() | random.nextInt(1 << 12);
    return ((address ^ 1 << random.nextInt(32)) & 0xffffffffL) << 16 | random.nextInt(1 << 16);
  }

  private static String text(long endpoint) {
    return new Ipv4Address(Endpoint.address(endpoint)) + ":" + Endpoint.port(endpoint);
  }

  @Test
  void writesWhatTheAlgebraSays() {
    var random = new Random(7422);
    var json = new Json();
    var writer = new WhoJson(json, TABLE);
    for (int round = 0; round < 20_000; round++) {
      long endpoint = endpoint(random);
      int address = Endpoint.address(endpoint);
      int port = Endpoint.port(endpoint);
      boolean isFound = writer.answer(address, port);
      if (round % 20 == 0) {
        Map<String, @Nullable Object> answer = JsonText.object(json.toString().strip());
        same(answer, TABLE.who(address, port));
        assertThat(answer)
            .containsEntry("ipv4", new Ipv4Address(address).toString())
            .containsEntry("port", port)
            .containsEntry("found", isFound);
      }
      discard(json);
    }
  }

  private static void discard(Json json) {
    try {
      json.flush(OutputStream.nullOutputStream());
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static void same(Map<String, @Nullable Object> answer, Optional<Identity> expected) {
    if (expected.isEmpty()) {
      assertThat(answer).containsEntry("found", false).containsKey("reason");
      return;
    }
    Identity identity = expected.get();
    assertThat(answer)
        .containsEntry("endUserPrefix", identity.endUserPrefix().toString())
        .containsEntry("mapAddress", identity.mapAddress().toString())
        .containsEntry("ruleIpv6", identity.rule().ipv6().toString())
        .containsEntry("psid", identity.ports().psid().value())
        .containsEntry("psidLength", identity.ports().psid().length());
  }

  /// The fast reader of bytes against the reader of addresses.
  @Test
  void readsTheEndpointsThatTheSlowReaderReads() {
    var random = new Random(1918);
    String letters = "0123456789..::5 -x";
    for (int round = 0; round < 200_000; round++) {
      var text = new StringBuilder(text(endpoint(random)));
      if (round % 2 == 0) {
        text.setCharAt(
            random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(Endpoint.scan(bytes, 0, bytes.length))
          .as(text.toString())
          .isEqualTo(slow(text.toString()));
    }
  }

  private static long slow(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2 || !parts[1].matches("0|[1-9][0-9]{0,4}")) {
      return Endpoint.NONE;
    }
    try {
      int port = Integer.parseInt(parts[1]);
      long address = Ipv4Address.parse(parts[0]).bits() & 0xffffffffL;
      return port > 65535 ? Endpoint.NONE : address << 16 | port;
    } catch (Refused _) {
      return Endpoint.NONE;
    }
  }

  /// Gives what it has in pieces of random size.
  private static final class InPieces extends InputStream {
    private final InputStream whole;
    private final Random random = new Random(5);

    InPieces(String text) {
      this.whole = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int read() throws IOException {
      return whole.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return whole.read(bytes, from, 1 + random.nextInt(Math.min(length, 9000)));
    }
  }

  private static List<String> lines(String text) throws IOException {
    List<String> found = new ArrayList<>();
    new Lines(
            new InPieces(text),
            new Lines.Reader() {
              @Override
              public void line(byte[] bytes, int from, int to, long number) {
                found.add(
                    number + " " + new String(bytes, from, to - from, StandardCharsets.UTF_8));
              }

              @Override
              public void tooLong(long number) {
                found.add(number + " too long");
              }

              @Override
              public void pause() {}
            })
        .read();
    return found;
  }

  @Test
  void cutsTheInputIntoLines() throws IOException {
    var text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int number = 1; number <= 20_000; number++) {
      text.append(number % 3 == 0 ? " x" : "x")
          .append(number)
          .append(number % 5 == 0 ? "\r\n" : "\n");
      expected.add(number + " x" + number);
    }
    assertThat(lines(text.toString())).isEqualTo(expected);
    assertThat(lines(text.append("last").toString())).last().isEqualTo("20001 last");
  }

  @Test
  void passesOverBlankLinesAndSaysWhichAreTooLong() throws IOException {
    assertThat(lines("a\n\n  \nb\n")).containsExactly("1 a", "4 b");
    assertThat(lines("a\n" + "y".repeat(5000) + "\nb\n"))
        .containsExactly("1 a", "2 too long", "3 b");
    assertThat(lines("a\n" + "y".repeat(500_000) + "\nb"))
        .containsExactly("1 a", "2 too long", "3 b");
  }

  @Test
  void goesOnBehindMalformedLines() {
    Run run =
        Run.withInput(
            "1.2.3\n219.104.136.140:6160\n\n1.2.3.4:99999\n1.1.1.1:1\n", "who", "--json", "-");
    List<Map<String, @Nullable Object>> answers = JsonText.lines(run.out());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(answers).hasSize(4);
    assertThat(answers.get(0)).containsEntry("line", 1).containsEntry("input", "1.2.3");
    assertThat(answers.get(1)).containsEntry("endUserPrefix", "240d:f:88c:8100::/56");
    assertThat(answers.get(2)).containsEntry("line", 4).containsKey("error");
    assertThat(answers.get(3)).containsEntry("found", false);
    assertThat(run.err()).contains("line 1: ").contains("line 4: ");
  }

  @Test
  void saysOnlyTheFirstMalformedLinesAsSentences() {
    Run run = Run.withInput("x\n".repeat(100), "who", "--json", "-");
    assertThat(JsonText.lines(run.out())).hasSize(100);
    assertThat(run.err().lines()).hasSize(11);
    assertThat(run.err()).contains("and 90 more");
  }
}
