package watari.lab.line;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;

/// A network namespace as a place to do things in: the lab's own code through one thread that lives
/// there, other programs through `ip netns exec`.
///
/// A socket belongs to the namespace of the thread that makes it, wherever it is used later; so
/// only the making must happen [#inside].
public final class Place implements AutoCloseable {

  private static final Path NAMESPACES = Path.of("/run/netns");

  private final String namespace;
  private final ExecutorService thread;

  private Place(String namespace, ExecutorService thread) {
    this.namespace = namespace;
    this.thread = thread;
  }

  static Place enter(String namespace) throws IOException {
    var thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(namespace).factory());
    var place = new Place(namespace, thread);
    try {
      place.inside(() -> {
        move(NAMESPACES.resolve(namespace));
        return namespace;
      });
      return place;
    } catch (IOException refused) {
      place.close();
      throw refused;
    }
  }

  /// The name that `ip netns` knows.
  public String namespace() {
    return namespace;
  }

  /// Does something short in the namespace and gives back its result.
  public <T> T inside(Callable<T> work) throws IOException {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException failed) {
      throw new IOException("in " + namespace + ": " + reason(failed), failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + namespace, interrupted);
    }
  }

  /// The command that runs a program in the namespace.
  public List<String> command(List<String> program) {
    var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    command.addAll(program);
    return command;
  }

  /// Ends the thread, so that nothing of ours keeps the namespace alive.
  @Override
  public void close() {
    thread.shutdown();
  }

  /// Moves the calling thread, and no other.
  private static void move(Path namespace) throws KernelException {
    var libc = new Libc();
    int file = libc.open(namespace.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC);
    int result = file < 0 ? file : libc.setns(file, Libc.CLONE_NEWNET);
    libc.close(file);
    if (result < 0) {
      throw new KernelException(-result, "entering the network namespace " + namespace);
    }
  }

  private static String reason(ExecutionException failed) {
    var cause = failed.getCause();
    var message = cause == null ? null : cause.getMessage();
    return message == null ? String.valueOf(cause) : message;
  }
}
