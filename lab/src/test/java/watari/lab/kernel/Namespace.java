package watari.lab.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import watari.host.kernel.Libc;
import watari.lab.Command;

/// A network namespace of one test. Its name carries the process id, so that runs beside each other
/// do not meet; closing removes it.
final class Namespace implements AutoCloseable {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name;

  Namespace() throws IOException {
    name = "watari-" + ProcessHandle.current().pid() + "-k" + MADE.incrementAndGet();
    Command.run("ip", "netns", "add", name).succeeded();
  }

  /// A step of a test that may fail in any way.
  interface Step {
    void run() throws Exception;
  }

  /// Runs a step on a thread of its own that has moved into the namespace. The JVM starts programs
  /// from the calling thread, so they run inside as well.
  void inside(Step step) throws Exception {
    Callable<Boolean> task =
        () -> {
          enter();
          step.run();
          return true;
        };
    var future = new FutureTask<>(task);
    Thread.ofPlatform().name(name).start(future);
    try {
      future.get();
    } catch (ExecutionException e) {
      rethrow(e.getCause());
    }
  }

  private static void rethrow(@Nullable Throwable cause) throws Exception {
    switch (cause) {
      case Error error -> throw error;
      case Exception exception -> throw exception;
      case null, default -> throw new IllegalStateException(cause);
    }
  }

  private void enter() throws IOException {
    var libc = new Libc();
    int descriptor = libc.open("/run/netns/" + name, Libc.O_RDONLY | Libc.O_CLOEXEC);
    int result = descriptor < 0 ? descriptor : libc.setns(descriptor, Libc.CLONE_NEWNET);
    libc.close(descriptor);
    if (result < 0) {
      throw new IOException("entering the namespace " + name + " failed with error " + -result);
    }
  }

  /// What `ip netns` calls it.
  String name() {
    return name;
  }

  /// Demands an answer from a host.
  void ping(String host) throws IOException {
    Command.run("ip", "netns", "exec", name, "ping", "-nc1", "-W10", host).succeeded();
  }

  /// Runs `ip` in the namespace and gives what it prints; it must succeed.
  String ip(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(arguments));
    return Command.run(command).succeeded();
  }

  @Override
  public void close() throws IOException {
    Command.run("ip", "netns", "delete", name).succeeded();
  }
}
