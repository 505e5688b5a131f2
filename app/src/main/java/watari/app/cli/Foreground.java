package watari.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import watari.app.control.Controller;
import watari.core.net.Refused;

/// Runs a gateway or relay for a command.
final class Foreground {
  private static final int FAREWELL_SECONDS_MAX = 5;

  private final Watari watari;

  Foreground(Watari watari) {
    this.watari = watari;
  }

  int run(Controller controller, boolean isDryRun) {
    var out = new PrintStream(watari.console().out(), true, StandardCharsets.UTF_8);
    if (isDryRun) {
      out.println("device " + controller.plan().device() + ", MTU " + controller.plan().mtu());
      controller.plan().items().forEach(out::println);
      return ExitCode.OK;
    }
    var exit = new CompletableFuture<Integer>();
    var hook = new Thread(() -> end(controller, exit), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      exit.complete(carry(controller, out));
    } finally {
      exit.complete(ExitCode.OUR_MISTAKE);
      forget(hook);
    }
    return exit.join();
  }

  private int carry(Controller controller, PrintStream out) {
    var text = new EventText(watari.words());
    try {
      controller.run(out, told -> watari.complain(text.sentence(told.event(), told.address())));
      return ExitCode.OK;
    } catch (IOException e) {
      watari.complain(String.valueOf(e.getMessage()));
      return ExitCode.FAILURE;
    } catch (Refused refused) {
      watari.complain(refused.sentence());
      return ExitCode.WRONG_USAGE;
    }
  }

  /// The process was asked to end (SIGTERM, SIGINT) and does when this returns. Java would end it
  /// with 128 and the number of the signal, although nothing went wrong.
  private void end(Controller controller, CompletableFuture<Integer> exit) {
    controller.stop();
    try {
      Main.halt(exit.get(FAREWELL_SECONDS_MAX, TimeUnit.SECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      watari.complain("the worker did not end in time; the kernel takes the device");
      Main.halt(ExitCode.FAILURE);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // it runs already, and ends the process
    }
  }
}
