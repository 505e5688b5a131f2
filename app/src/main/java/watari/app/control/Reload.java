package watari.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import watari.app.config.Checked;
import watari.app.config.Problem;
import watari.core.net.Refused;
import watari.core.plan.Plan;
import watari.host.engine.Worker;
import watari.host.engine.Workers;

/// Lets a gateway or relay that runs become what its file says now, or leaves everything as it is.
final class Reload implements AutoCloseable {
  private final Workers workers;
  private final TunnelEnd end;
  private final Kernel kernel;
  private final ReentrantLock turn = new ReentrantLock();
  private Plan plan;
  private boolean isClosed;

  /// Why the line could not be followed last, which is said once.
  private Optional<String> trouble = Optional.empty();

  /// Puts a plan in the place of the one before.
  @FunctionalInterface
  interface Kernel {
    void become(Plan plan) throws IOException;
  }

  /// @param plan what is in the kernel
  Reload(Workers workers, TunnelEnd end, Kernel kernel, Plan plan) {
    this.workers = workers;
    this.end = end;
    this.kernel = kernel;
    this.plan = plan;
  }

  /// What has become of it.
  ///
  /// ```json
  /// {"applied": true, "sessionsKept": true}
  /// {"applied": false, "problems": ["gateway.yaml:3:9: …"]}
  /// {"applied": false, "error": "…"}
  /// ```
  Map<String, Object> run() {
    turn.lock();
    try {
      return isClosed ? refused("error", "it is ending") : become();
    } finally {
      turn.unlock();
    }
  }

  private Map<String, Object> become() {
    try {
      return switch (end.reread()) {
        case Checked.Invalid<TunnelEnd.Change>(var problems) ->
            refused("problems", problems.stream().map(Problem::toString).toList());
        case Checked.Valid<TunnelEnd.Change>(var change) -> become(change);
      };
    } catch (IOException | Refused e) {
      return refused("error", String.valueOf(e.getMessage()));
    }
  }

  /// Follows the line, if it has changed. What cannot be put in place is said, and tried again the
  /// next time; until then all goes on as before.
  void follow() {
    turn.lock();
    try {
      Optional<String> before = trouble;
      trouble = isClosed ? Optional.empty() : followed();
      trouble.filter(reason -> !before.equals(trouble)).ifPresent(end::lag);
    } finally {
      turn.unlock();
    }
  }

  /// Why it could not be followed.
  private Optional<String> followed() {
    try {
      return end.look().map(this::become).map(done -> done.get("error")).map(String::valueOf);
    } catch (IOException | Refused e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// The kernel before the gateway: it may refuse, and the gateway does not.
  private Map<String, Object> become(TunnelEnd.Change change) {
    try {
      Questions.ask(workers.first(), done(change::prepare));
      Questions.awaitAll(workers); // the first may have told the others to make ready too
      kernel.become(change.plan());
      Map<String, Object> done = new LinkedHashMap<>(Map.of("applied", true));
      done.putAll(Questions.ask(workers.first(), () -> change.apply(Worker.monotonicMillis())));
      plan = change.plan();
      change.settle();
      return done;
    } catch (IOException | Questions.NoAnswer e) {
      return refused("error", e.getMessage() + restored(change));
    }
  }

  /// As the end of a sentence, nothing where all is as before. The one is tried whatever becomes of
  /// the other.
  private String restored(TunnelEnd.Change change) {
    var reasons = new ArrayList<String>();
    try {
      Questions.insist(workers.first(), done(change::cancel));
    } catch (Questions.NoAnswer e) {
      reasons.add(e.getMessage());
    }
    try {
      kernel.become(plan);
    } catch (IOException e) {
      reasons.add(e.getMessage());
    }
    return reasons.isEmpty()
        ? ""
        : "; and it cannot be as before: " + String.join(", ", reasons) + "; start it again";
  }

  private static Supplier<Boolean> done(Runnable step) {
    return () -> {
      step.run();
      return true;
    };
  }

  private static Map<String, Object> refused(String name, Object why) {
    Map<String, Object> refused = new LinkedHashMap<>();
    refused.put("applied", false);
    refused.put(name, why);
    return refused;
  }

  /// Waits for one that is under way; no other begins after it.
  @Override
  public void close() {
    turn.lock();
    try {
      isClosed = true;
    } finally {
      turn.unlock();
    }
  }
}
