package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.app.control.StateSocket;

final class ReloadCommandTest {
  @TempDir Path folder;

  private Run run(String answer) throws IOException {
    Path path = folder.resolve("one.sock");
    try (var _ = StateSocket.open(path, _ -> answer)) {
      return Run.of("reload", "--socket", path.toString());
    }
  }

  @Test
  void printsWhatHasBecomeOfIt() throws IOException {
    String answer = "{\"applied\":true,\"problems\":[]}\n";
    assertThat(run(answer)).isEqualTo(new Run(0, answer, ""));
  }

  @Test
  void saysEveryProblemAndEndsWithTwo() throws IOException {
    assertThat(
            run("{\"applied\":false,\"problems\":[\"a.yaml:1:2: no\",\"a.yaml:3:4: nor this\"]}"))
        .isEqualTo(new Run(2, "", "watari: a.yaml:1:2: no\nwatari: a.yaml:3:4: nor this\n"));
  }

  @Test
  void saysWhatTheKernelRefused() throws IOException {
    assertThat(run("{\"applied\":false,\"error\":\"the kernel will not\"}"))
        .isEqualTo(new Run(1, "", "watari: the kernel will not\n"));
  }

  @Test
  void saysThatNobodyAnswers() {
    Run run = Run.of("reload", "--socket", folder.resolve("none").toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("watari: nobody answers at ").hasLineCount(1);
  }
}
