package watari.lab.line;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A program that keeps running until it is told to end. The kernel ends it if the lab dies.
public final class Running implements AutoCloseable {

  private static final int OUTPUT_LINES_MAX = 200;
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  /// The kernel looks at the thread that started a program, not at the process: so one thread that
  /// never ends starts them all.
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("starter").factory());

  private final String name;
  private final Process process;
  private final List<String> output = new ArrayList<>();
  private boolean silent;

  private Running(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// Starts a program.
  ///
  /// @param name what a person calls it
  public static Running start(String name, List<String> command) throws IOException {
    var whole = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
    whole.addAll(command);
    var builder = new ProcessBuilder(whole).redirectErrorStream(true);
    try {
      var running = new Running(name, STARTER.submit(builder::start).get());
      Thread.ofVirtual().name(name).start(running::listen);
      return running;
    } catch (ExecutionException failed) {
      throw new IOException("cannot start " + name + ": " + failed.getCause(), failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting " + name, interrupted);
    }
  }

  /// Waits for a line that begins with `beginning`.
  ///
  /// @throws IOException when it ends or stays silent; the message holds what it printed
  public String await(String beginning, Duration patience) throws IOException {
    return await(line -> line.startsWith(beginning), patience);
  }

  /// Waits for a line that has `part` anywhere: some programs begin each line with the time.
  ///
  /// @throws IOException when it ends or stays silent; the message holds what it printed
  public String awaitPart(String part, Duration patience) throws IOException {
    return await(line -> line.contains(part), patience);
  }

  private synchronized String await(Predicate<String> wanted, Duration patience)
      throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    try {
      var line = find(wanted);
      while (line == null && !silent && left(end) > 0) {
        wait(left(end));
        line = find(wanted);
      }
      if (line != null) {
        return line;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new IOException(
        name
            + (silent ? " ended" : " is not ready after " + patience.toSeconds() + " s")
            + "; it printed: "
            + (output.isEmpty() ? "nothing" : String.join(" | ", output)));
  }

  /// Its last lines, when it has printed the last.
  ///
  /// @throws IOException when it goes on printing
  synchronized List<String> whole(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (!silent && left(end) > 0) {
        wait(left(end));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!silent) {
      throw new IOException(name + " goes on after " + patience.toSeconds() + " s");
    }
    return output();
  }

  public long pid() {
    return process.pid();
  }

  /// Its last lines.
  public synchronized List<String> output() {
    return List.copyOf(output);
  }

  /// Waits until it has ended.
  ///
  /// @return its exit code; 128 more than the number of the signal that ended it
  /// @throws IOException when it goes on
  public int ended(Duration patience) throws IOException {
    try {
      if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new IOException(name + " goes on after " + patience.toSeconds() + " s");
  }

  /// Ends it as `kill -9` does: it can clean up nothing.
  public void kill() throws IOException {
    process.destroyForcibly();
    ended(FAREWELL);
  }

  /// Asks it to end and does not wait. It may go on speaking, which it could not after
  /// `Process.destroy`: that closes the pipe to us, and who writes to it then ends at once.
  public void ask() {
    process.toHandle().destroy();
  }

  /// Asks it to end, waits, and ends it by force if it does not.
  @Override
  public void close() {
    ask();
    try {
      if (!process.waitFor(FAREWELL.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable String find(Predicate<String> wanted) {
    return output.stream().filter(wanted).findFirst().orElse(null);
  }

  private static long left(long end) {
    return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
  }

  private void listen() {
    try (BufferedReader reader = process.inputReader()) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        keep(line);
      }
    } catch (IOException closed) {
      // The program ended; there is nothing more to read.
    }
    fallSilent();
  }

  private synchronized void keep(String line) {
    if (output.size() == OUTPUT_LINES_MAX) {
      output.removeFirst();
    }
    output.add(line);
    notifyAll();
  }

  private synchronized void fallSilent() {
    silent = true;
    notifyAll();
  }
}
