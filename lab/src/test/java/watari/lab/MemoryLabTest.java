package watari.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import watari.lab.line.Jvm;

/// The lab where nothing may be made, and where nothing shall be.
final class MemoryLabTest {

  @Test
  void saysThatItRunsInMemoryAndEnds() throws IOException {
    var said = new ByteArrayOutputStream();
    var report = new Report(new PrintStream(said, true, StandardCharsets.UTF_8));
    var options = List.of("--memory");
    assertThat(new Lab(Wish.parse(options), report, options).run()).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .startsWith("In memory, because --memory asks for it.\n")
        .contains("ok     300 flows of one household")
        .doesNotContain("FAILED")
        .endsWith("There is nothing to enter in memory, so the lab ends here.\n");
  }

  @Test
  @NeedsNamespaces(programs = "unshare")
  void runsInMemoryByItselfWhereThereIsNoTunDevice() throws IOException {
    var hide = "mount -t tmpfs none /dev/net && exec \"$@\"";
    var words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", hide, "sh"));
    words.addAll(Jvm.here().lab(List.of("lab", "--once")));
    assertThat(Command.run(words).succeeded())
        .startsWith("In memory, because /dev/net/tun is missing; as root: ")
        .endsWith("渡りました。");
  }
}
