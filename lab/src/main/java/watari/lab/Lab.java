package watari.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import watari.lab.line.Jvm;
import watari.lab.line.Line;
import watari.lab.line.Rights;
import watari.lab.memory.MemoryProof;
import watari.lab.memory.MemoryStage;
import watari.lab.proof.ForwardSteps;
import watari.lab.proof.Proof;
import watari.lab.proof.Stage;

/// One visit to the lab: build, prove, stay, remove.
///
/// @param wish what is wanted
/// @param report where to tell it
/// @param options as they were written, for a second start with other rights
record Lab(Wish wish, Report report, List<String> options) {

  /// Set in a lab that already has namespaces of its own.
  private static final String INSIDE = "WATARI_LAB_INSIDE";

  /// Runs the lab to its end and gives back the exit code.
  int run() throws IOException {
    if (wish.memory()) {
      return inMemory("--memory asks for it");
    }
    if (System.getenv(INSIDE) != null) {
      Rights.ownRun();
      return inNamespaces(
          "nsenter --target "
              + ProcessHandle.current().pid()
              + " --user --preserve-credentials --net --mount ip netns exec ");
    }
    return switch (Rights.find()) {
      case Rights.Here() -> inNamespaces("ip netns exec ");
      case Rights.InUserNamespace() -> again();
      case Rights.Nowhere(var reason) -> inMemory(reason);
    };
  }

  /// Proves and ends: there is nothing that a person could enter.
  ///
  /// @param reason why not in namespaces
  private int inMemory(String reason) {
    report.say("In memory, because " + reason + ".");
    report.say("The gateways and the relay are those of the product; hosts, cables and clock are");
    report.say("objects of this process, so no program of anybody else takes part.");
    report.say("メモリ内で実行します。");
    report.say("");
    report.introduce(wish.topology());
    try (var stage = MemoryStage.open(wish.topology())) {
      boolean good = MemoryProof.of(wish.topology()).run(stage, report::hear);
      report.conclude(good);
      if (!wish.once()) {
        report.say("There is nothing to enter in memory, so the lab ends here.");
      }
      return good ? 0 : 1;
    }
  }

  /// Starts this lab again inside a user, network and mount namespace of its own.
  private int again() throws IOException {
    var arguments = new ArrayList<>(List.of("lab"));
    arguments.addAll(options);
    var builder =
        new ProcessBuilder(Rights.newUserNamespace(Jvm.here().lab(arguments))).inheritIO();
    builder.environment().put(INSIDE, "1");
    var inner = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(inner)));
    try {
      return inner.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static void end(Process process) {
    process.destroy();
    process.onExit().join();
  }

  /// Builds, proves, stays, removes.
  ///
  /// @param enter the beginning of the command that enters a namespace
  private int inNamespaces(String enter) throws IOException {
    try (var line = Line.plan(wish.topology())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(line)));
      report.introduce(wish.topology());
      line.build();
      ForwardSteps.configure(line);
      line.start();
      try (var stage = Stage.open(line)) {
        boolean good = Proof.of(wish.topology()).run(stage, report::hear);
        report.conclude(good);
        if (!wish.once()) {
          report.invite(
              enter + line.place(wish.topology().subscriber(1).home()).namespace() + " bash",
              wish.topology());
          stay();
        }
        return good ? 0 : 1;
      }
    }
  }

  /// Runs when the lab ends by itself, where nothing is left to remove, and when a signal ends it.
  private static void remove(Line line) {
    try {
      line.close();
    } catch (IOException failed) {
      System.err.println("watari: the lab could not remove all of it: " + failed.getMessage());
    }
  }

  /// Until Enter. Without a keyboard only a signal ends the lab.
  private static void stay() throws IOException {
    if (System.in.read() >= 0) {
      return;
    }
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
