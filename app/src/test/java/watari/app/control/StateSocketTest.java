package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
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
  void saysThatTheOtherEndHungUp() throws IOException {
    Path path = folder.resolve("mute.sock");
    try (var _ = StateSocket.open(path, question -> "")) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> StateSocket.ask(path, "reload"))
          .withMessageContaining("it hung up without an answer");
    }
  }

  @Test
  void isItsOwnersOnlyAndSoIsTheFolderMadeForIt() throws IOException {
    Path path = folder.resolve("made/one.sock");
    try (var _ = StateSocket.open(path, question -> "x")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
          .isEqualTo("rwx------");
      try (var files = Files.list(path.getParent())) {
        assertThat(files).containsExactly(path);
      }
    }
  }

  @Test
  void saysWhyAFolderCannotBeUsed() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "precious");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> StateSocket.open(file.resolve("deep/x.sock"), question -> "x"))
        .withMessageStartingWith("cannot listen at " + file + "/deep/x.sock: ")
        .withMessageEndingWith("; name another 'socket:'");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> StateSocket.open(file.resolve("x.sock"), question -> "x"))
        .withMessageStartingWith("cannot listen at " + file + "/x.sock: ")
        .withMessageEndingWith("; name another 'socket:'");
  }

  @Test
  void goesOnAfterATroubleThatPasses() throws IOException {
    Path path = folder.resolve("one.sock");
    var troubles = new AtomicInteger(2);
    try (var _ =
        StateSocket.open(
            path,
            question -> "alive",
            reception ->
                () -> {
                  if (troubles.getAndDecrement() > 0) {
                    throw new IOException("Too many open files");
                  }
                  return reception.accept();
                })) {
      assertThat(StateSocket.ask(path, "status")).isEqualTo("alive");
    }
    assertThat(troubles.get()).isNegative();
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
