package watari.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a newcomer sees first: the whole proof on real hosts.
@NeedsNamespaces(programs = {"curl", "ping", "setpriv", "traceroute"})
final class NamespaceLabTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "--mesh", "--layout draft-03 --subscribers 3"})
  void everyStepOfTheProofIsShown(String more) throws IOException {
    var options = new ArrayList<>(List.of("--once"));
    options.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ", -1)));
    var said = new ByteArrayOutputStream();
    var report = new Report(new PrintStream(said, true, StandardCharsets.UTF_8));
    int exit = new Lab(Wish.parse(options), report, options).run();
    var text = said.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .doesNotContain("FAILED", "\nskip ", "In memory")
        .contains(
            "\nok     a stranger reaches a forward", "\nok     home 1 reaches its own forward")
        .endsWith("The line works: IPv4 crossed an IPv6-only network. 渡りました。\n");
    assertThat(exit).isZero();
  }
}
