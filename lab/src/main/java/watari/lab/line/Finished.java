package watari.lab.line;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A program that ran to its end.
///
/// @param exit its exit code
/// @param output what it printed, errors included
public record Finished(int exit, String output) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Runs a program with nothing on its standard input.
  public static Finished run(List<String> command) throws IOException {
    return run(command, "");
  }

  /// Runs a program with `input` on its standard input. One that does not end is ended.
  public static Finished run(List<String> command, String input) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    var process = builder.start();
    var output = CompletableFuture.supplyAsync(() -> read(process), Thread::startVirtualThread);
    try (var stream = process.getOutputStream()) {
      stream.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      // It did not want its input; what it printed says why.
    }
    return await(process, command, output);
  }

  private static Finished await(
      Process process, List<String> command, CompletableFuture<String> output) throws IOException {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(
            String.join(" ", command) + " did not end in " + PATIENCE.toSeconds() + " s");
      }
      return new Finished(process.exitValue(), output.join());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  /// Runs a program that must succeed.
  ///
  /// @return what it printed
  /// @throws IOException with what it printed, when it fails
  public static String demand(List<String> command, String input) throws IOException {
    var finished = run(command, input);
    if (finished.exit != 0) {
      throw new IOException(
          "'" + String.join(" ", command) + "' failed: " + finished.output.strip());
    }
    return finished.output;
  }

  private static String read(Process process) {
    try (var stream = process.getInputStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException closed) {
      return "";
    }
  }
}
