package watari.app.control;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import watari.core.net.Refused;
import watari.host.engine.Worker;
import watari.host.engine.Workers;

/// What others want of a worker: answers as JSON, and news. For any thread but the worker's.
final class Questions {
  private static final int ANSWER_SECONDS_MAX = 5;

  private final Worker worker;
  private final TunnelEnd end;
  private final Teller teller;
  private final Reload reload;

  Questions(Worker worker, TunnelEnd end, Reload reload) {
    this.worker = worker;
    this.end = end;
    this.reload = reload;
    teller = new Teller(end, Worker::monotonicMillis, Clock.systemUTC());
  }

  /// The answer to one line of the state socket.
  String answer(String question) {
    return switch (question) {
      case "status" -> asked(end::status);
      case "counters" -> asked(end::counters);
      case "events" -> asked(teller::all);
      case "reload" -> json(reload.run());
      default -> json(Map.of("error", "the questions are status, counters, events and reload"));
    };
  }

  /// Tells what has happened since the last time.
  void tell(Consumer<Told> listener) {
    try {
      ask(worker, teller::news).forEach(listener);
    } catch (NoAnswer _) {
      // it is busy or ends; the next time
    }
  }

  private String asked(Supplier<Map<String, Object>> question) {
    try {
      return json(ask(worker, question));
    } catch (NoAnswer none) {
      return json(Map.of("error", none.getMessage()));
    }
  }

  private static String json(Map<String, Object> tree) {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
  }

  /// Computes something on the worker's thread. What has not begun when the time is over is left
  /// undone: whoever asked goes on as if it had not been.
  ///
  /// @throws NoAnswer with a sentence
  static <T> T ask(Worker worker, Supplier<T> question) throws NoAnswer {
    var answer = worker.ask(question);
    try {
      return await(answer);
    } finally {
      answer.cancel(false);
    }
  }

  /// The same for what must be done, however late.
  ///
  /// @throws NoAnswer with a sentence, while it is not done
  static <T> T insist(Worker worker, Supplier<T> question) throws NoAnswer {
    return await(worker.ask(question));
  }

  private static <T> T await(Future<T> answer) throws NoAnswer {
    try {
      return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new NoAnswer("interrupted");
    } catch (ExecutionException failed) {
      throw new NoAnswer(
          failed.getCause() instanceof Refused refused
              ? refused.sentence()
              : "a mistake of Watari: " + failed.getCause());
    } catch (TimeoutException _) {
      throw new NoAnswer("the worker does not answer");
    }
  }

  /// Waits until each worker has done what it was asked until now.
  ///
  /// @throws NoAnswer with a sentence
  static void awaitAll(Workers workers) throws NoAnswer {
    for (var answer : workers.askEach(_ -> true)) {
      await(answer);
    }
  }

  /// The worker could not be asked.
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    NoAnswer(String sentence) {
      super(sentence);
    }
  }
}
