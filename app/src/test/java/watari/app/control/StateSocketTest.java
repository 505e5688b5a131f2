package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateSocketTest {
  @TempDir Path folder;

  @Test
  void answersAQuestionWithTheWholeText() throws IOException {
    String answer = "渡".repeat(100_000);
    Path path = folder.resolve("made/for/it.sock");
    try (var _ = StateSocket.open(path, question -> question + ":" + answer)) {
      assertThat(StateSocket.ask(path, "status")).isEqualTo("status:" + answer);
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void replacesWhatAKilledProcessLeft() throws IOException {
    Path path = folder.resolve("left.sock");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    try (var _ = StateSocket.open(path, question -> "alive")) {
      assertThat(StateSocket.ask(path, "status")).isEqualTo("alive");
    }
  }

  @Test
  void leavesTheSocketOfALivingProcessAlone() throws IOException {
    Path path = folder.resolve("one.sock");
    try (var _ = StateSocket.open(path, question -> "first")) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> StateSocket.open(path, question -> "second"))
          .withMessageContaining("another watari answers at " + path);
      assertThat(StateSocket.ask(path, "status")).isEqualTo("first");
    }
  }

  @Test
  void saysThatNobodyAnswers() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> StateSocket.ask(folder.resolve("none.sock"), "status"))
        .withMessageStartingWith("nobody answers at ");
  }

  @Test
  void doesNotTakeAFileForASocket() throws IOException {
    Path path = Files.writeString(folder.resolve("notes.txt"), "precious");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> StateSocket.open(path, question -> "x"))
        .withMessageContaining("is not a socket");
    assertThat(path).hasContent("precious");
  }
}
