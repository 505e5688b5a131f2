package watari.app.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// A Unix socket that answers questions: one line in, one JSON text out, then it closes.
public final class StateSocket implements AutoCloseable {
  private static final int QUESTION_BYTES_MAX = 256;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER_OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Path path;
  private final ServerSocketChannel channel;
  private final UnaryOperator<String> answers;

  private StateSocket(Path path, ServerSocketChannel channel, UnaryOperator<String> answers) {
    this.path = path;
    this.channel = channel;
    this.answers = answers;
  }

  /// Waits for the next who asks.
  @FunctionalInterface
  interface Reception {
    SocketChannel accept() throws IOException;
  }

  /// Listens at `path`, for its owner only. A socket that a killed process left there is replaced;
  /// one that answers is not, nor is any other file.
  ///
  /// @throws IOException when the path cannot be used, with what helps
  public static StateSocket open(Path path, UnaryOperator<String> answers) throws IOException {
    return open(path, answers, UnaryOperator.identity());
  }

  /// @param reception what stands between the socket and those who ask
  static StateSocket open(
      Path path, UnaryOperator<String> answers, UnaryOperator<Reception> reception)
      throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      demandFree(path);
      bind(channel, path);
    } catch (Taken taken) {
      channel.close();
      throw taken;
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "cannot listen at " + path + ": " + reason(e) + "; name another 'socket:'", e);
    }
    var socket = new StateSocket(path, channel, answers);
    Reception entrance = reception.apply(channel::accept);
    Thread.ofVirtual().name("state").start(() -> socket.serve(entrance));
    return socket;
  }

  /// The path cannot be had; the message says all.
  private static final class Taken extends IOException {
    private static final long serialVersionUID = 1L;

    Taken(String sentence) {
      super(sentence);
    }
  }

  private static void demandFree(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new Taken(path + " is not a socket; name another 'socket:'");
    }
    if (isAlive(path)) {
      throw new Taken("another watari answers at " + path + "; stop it or name another 'socket:'");
    }
  }

  /// Under a name that nobody asks at, until it is the owner's only.
  private static void bind(ServerSocketChannel channel, Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.exists(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER_OWNER_ONLY));
    }
    Path hidden = path.resolveSibling("." + ProcessHandle.current().pid());
    Files.deleteIfExists(hidden);
    try {
      channel.bind(UnixDomainSocketAddress.of(hidden));
      Files.setPosixFilePermissions(hidden, OWNER_ONLY);
      Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(hidden);
    }
  }

  /// Java says of a file often only its name.
  private static String reason(IOException failed) {
    return switch (failed) {
      case AccessDeniedException denied ->
          "the permissions of " + denied.getFile() + " do not allow it";
      case FileAlreadyExistsException there -> there.getFile() + " is not a folder";
      case FileSystemException other when other.getReason() == null ->
          "there is no way through " + other.getFile();
      default -> String.valueOf(failed.getMessage());
    };
  }

  private static boolean isAlive(Path path) {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Until the channel is closed. Another trouble, such as too many open files, may pass.
  private void serve(Reception reception) {
    while (channel.isOpen()) {
      try {
        SocketChannel asker = reception.accept();
        Thread.ofVirtual().start(() -> answer(asker));
      } catch (IOException _) {
        LockSupport.parkNanos(BACK_OFF_NANOS);
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
      var answer = Channels.newInputStream(channel).readAllBytes();
      if (answer.length == 0) {
        throw new IOException("it hung up without an answer");
      }
      return new String(answer, StandardCharsets.UTF_8);
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
