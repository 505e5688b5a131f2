package watari.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any bytes on standard input of `who` (an [Endpoint] a line) and `check`, and any text and any
/// option of DHCPv6 as an argument of `explain`: an answer or a sentence, and never a stack trace.
final class LinesFuzzTest {
  private static final String RULE = "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16";

  static Stream<byte[]> seeds() {
    return Stream.of(
            "",
            "\n",
            "192.0.2.18:1232\n192.0.2.18:0\r\n 203.0.113.1:65535",
            "2001:db8:12:3400::/56\n2001:db8:12:3400::/56 \n渡り",
            "005a001020010db8ffff00000000000000000001",
            "x".repeat(5000))
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void answersOrComplains(byte[] input) {
    String text = new String(input, ISO_8859_1);
    check(Run.withInput(text, "who", "--rule", RULE, "-"));
    check(Run.withInput(text, "who", "--rule", RULE, "--json", "-"));
    check(Run.withInput(text, "check", "--rule", RULE, "-"));
    check(Run.of("explain", "--rule", RULE, "--", text));
    check(Run.of("explain", "--", HexFormat.of().formatHex(input)));
  }

  private static void check(Run run) {
    assertThat(run.exitCode()).as(run.err()).isIn(0, 2, 3);
    assertThat(run.err()).doesNotContain("\tat ");
    assertThat(run.exitCode() == 0 || !run.err().isEmpty() || !run.out().isEmpty()).isTrue();
  }

  @Test
  void answersOrComplainsNearTheSeeds() {
    Mutations.feed(seeds(), 200, this::answersOrComplains);
  }
}
