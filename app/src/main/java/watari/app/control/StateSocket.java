package watari.app.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A Unix socket that answers questions: one line in, one JSON text out, then it closes.
public final class StateSocket implements AutoCloseable {
  private static final int QUESTION_BYTES_MAX = 256;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final ServerSocketChannel channel;
  private final UnaryOperator<String> answers;

  private StateSocket(Path path, ServerSocketChannel channel, UnaryOperator<String> answers) {
    this.path = path;
    this.channel = channel;
    this.answers = answers;
  }

  /// Listens at `path`, for its owner only. A socket that a killed process left there is replaced;
  /// one that answers is not, nor is any other file.
  ///
  /// @throws IOException when the path cannot be used, with what helps
  public static StateSocket open(Path path, UnaryOperator<String> answers) throws IOException {
    makeRoom(path);
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, OWNER_ONLY);
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "cannot listen at " + path + ": " + e.getMessage() + "; name another 'socket:'", e);
    }
    var socket = new StateSocket(path, channel, answers);
    Thread.ofVirtual().name("state").start(socket::serve);
    return socket;
  }

  private static void makeRoom(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException(path + " is not a socket; name another 'socket:'");
    }
    if (isAlive(path)) {
      throw new IOException(
          "another watari answers at " + path + "; stop it or name another 'socket:'");
    }
    Files.delete(path);
  }

  private static boolean isAlive(Path path) {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private void serve() {
    while (channel.isOpen()) {
      try {
        SocketChannel asker = channel.accept();
        Thread.ofVirtual().start(() -> answer(asker));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void answer(SocketChannel asker) {
    try (asker) {
      var bytes = ByteBuffer.allocate(QUESTION_BYTES_MAX);
      while (bytes.hasRemaining() && !endsLine(bytes) && asker.read(bytes) >= 0) {
        // the question is one short line
      }
      String question = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      var reply = ByteBuffer.wrap(answers.apply(question.strip()).getBytes(StandardCharsets.UTF_8));
      while (reply.hasRemaining()) {
        asker.write(reply);
      }
    } catch (IOException _) {
      // who asked has gone
    }
  }

  private static boolean endsLine(ByteBuffer bytes) {
    return bytes.position() > 0 && bytes.get(bytes.position() - 1) == '\n';
  }

  /// Asks the process that listens at `path`.
  ///
  /// @throws IOException when nobody answers there, with a sentence that says so
  public static String ask(Path path, String question) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.shutdownOutput();
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException(
          "nobody answers at "
              + path
              + " ("
              + e.getMessage()
              + "); is the gateway or relay running, and is --socket its 'socket:'?",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }
}
