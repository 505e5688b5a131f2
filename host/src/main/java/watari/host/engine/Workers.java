package watari.host.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Workers that begin and end together, each on a thread of its own. What belongs to all is asked
/// of the first.
public final class Workers {
  private final List<Worker> all;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /// @param all one or more
  public Workers(List<Worker> all) {
    this.all = List.copyOf(all);
  }

  public int count() {
    return all.size();
  }

  public Worker first() {
    return all.getFirst();
  }

  /// One of them, by its number from 0.
  public Worker get(int number) {
    return all.get(number);
  }

  /// Carries packets until [#stop] or until one fails, which ends all. The first worker has the
  /// thread of the caller.
  ///
  /// @throws IOException when a device is gone
  public void run() throws IOException {
    var threads = new ArrayList<Thread>();
    try {
      for (int i = 1; i < all.size(); i++) {
        var worker = all.get(i);
        threads.add(Thread.ofPlatform().name("worker-" + (i + 1)).start(() -> runOther(worker)));
      }
      first().run();
    } finally {
      stop();
      threads.forEach(Workers::join);
    }
    rethrow(failure.get());
  }

  private void runOther(Worker worker) {
    try {
      worker.run();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
      stop();
    }
  }

  /// An interrupt does not end the wait: nothing may be given back while a worker runs.
  private static void join(Thread thread) {
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException gone -> throw gone;
      case RuntimeException mistake -> throw mistake;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }

  /// Asks each something, on its own thread.
  ///
  /// @param question by the number of the worker, from 0
  public <T> List<CompletableFuture<T>> askEach(IntFunction<T> question) {
    var answers = new ArrayList<CompletableFuture<T>>();
    for (int i = 0; i < all.size(); i++) {
      int number = i;
      answers.add(all.get(i).ask(() -> question.apply(number)));
    }
    return List.copyOf(answers);
  }

  /// Tells all but one, in the manner of [Worker#tell].
  ///
  /// @param news by the number of the worker, from 0
  public void tellOthers(int teller, IntFunction<Runnable> news) {
    for (int i = 0; i < all.size(); i++) {
      if (i != teller) {
        boolean _ = all.get(i).tell(news.apply(i));
      }
    }
  }

  /// Ends [#run] soon, from any thread.
  public void stop() {
    all.forEach(Worker::stop);
  }
}
