package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The command line of a service is read without picocli; it says what picocli's would.
final class ServiceLineTest {
  @TempDir Path folder;

  static Stream<String> texts() {
    return Stream.of(
        "",
        "line: {mtu: 12}\n",
        "address: 198.51.100.1\nworkers: 99\n",
        "line: {endUserPrefix: 2001:db8::/56}\nlan: {prefixes: [10.0.0.0/40]}\n");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void saysOfAWrongFileWhatTheWholeCommandLineSays(String text) throws IOException {
    String file = Files.writeString(folder.resolve("wrong.yaml"), text).toString();
    for (String verb : new String[] {"gateway", "relay"}) {
      Run straight = Run.of(verb, "-c", file);
      assertThat(straight).isEqualTo(Run.of(verb, "--lang=en", "-c", file));
      assertThat(straight.exitCode()).isEqualTo(2);
      assertThat(straight.err()).contains("wrong.yaml");
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void leavesToPicocliWhatItReadsInItsOwnWay(String file) {
    assertThat(Run.of("relay", "-c", file)).isEqualTo(Run.of("relay", "--lang=en", "-c", file));
  }

  static Stream<String> others() {
    return Stream.of("", "-c", "--help", "@nowhere", "'nowhere'", "nowhere");
  }
}
