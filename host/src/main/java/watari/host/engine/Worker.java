package watari.host.engine;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import watari.core.wire.TcpCutter;
import watari.host.driver.Batch;

/// One thread's work: packets from its door through its crossing, time, and questions from others.
///
/// Only this thread touches the crossing's state; others ask by [#ask].
public final class Worker {
  private static final int TICK_MILLIS = 100;

  /// How many [#tell] may wait.
  static final int TOLD_MAX = 1024;

  private final Door door;
  private final Batch batch;
  private final Crossing crossing;
  private final LongSupplier millis;
  private final TcpCutter cutter = new TcpCutter();
  private final ConcurrentLinkedQueue<Runnable> questions = new ConcurrentLinkedQueue<>();
  private final AtomicInteger told = new AtomicInteger();
  private volatile boolean isStopping;
  private long tickedAt;

  /// @param millis a clock that only goes forward
  public Worker(Door door, Batch batch, Crossing crossing, LongSupplier millis) {
    this.door = door;
    this.batch = batch;
    this.crossing = crossing;
    this.millis = millis;
  }

  /// Milliseconds of the system's monotonic clock; the wall clock may jump.
  public static long monotonicMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /// Carries packets until [#stop] or until the door breaks.
  ///
  /// @throws IOException when the device is gone
  public void run() throws IOException {
    while (!isStopping) {
      if (breathe() == 0) {
        door.driver().await(TICK_MILLIS);
      }
    }
  }

  /// Carries what is there now; returns how many packets that was.
  int breathe() throws IOException {
    int count = door.driver().receive(batch);
    long now = millis.getAsLong();
    for (int i = 0; i < count; i++) {
      carry(i, now);
    }
    count += crossing.takeOver(now);
    if (now - tickedAt >= TICK_MILLIS) {
      tickedAt = now;
      crossing.tick(now);
      door.check();
    }
    door.flush();
    answerQuestions();
    return count;
  }

  /// The ways know nothing of super-packets: they see segments, as if these had come one by one.
  private void carry(int index, long now) {
    long at = batch.at(index);
    int length = batch.length(index);
    int segmentBytes = batch.segmentBytes(index);
    if (segmentBytes > 0 && cutter.begin(at, length, segmentBytes)) {
      while (cutter.next()) {
        crossing.cross(cutter.at(), cutter.length(), now);
      }
    } else {
      crossing.cross(at, length, now);
    }
  }

  private void answerQuestions() {
    Runnable question = questions.poll();
    while (question != null) {
      question.run();
      question = questions.poll();
    }
  }

  /// Computes something on the worker's thread, between two batches.
  public <T> CompletableFuture<T> ask(Supplier<T> question) {
    var answer = new CompletableFuture<T>();
    questions.add(() -> answer.completeAsync(question, Runnable::run));
    door.driver().wake();
    return answer;
  }

  /// Lets the worker's thread do something between two batches that nobody waits for, and that may
  /// be left undone when a crowd of such waits already.
  ///
  /// @return whether it will be done
  public boolean tell(Runnable news) {
    if (told.get() >= TOLD_MAX) {
      return false;
    }
    told.incrementAndGet();
    questions.add(() -> hear(news));
    door.driver().wake();
    return true;
  }

  private void hear(Runnable news) {
    told.decrementAndGet();
    news.run();
  }

  /// Ends [#run] soon, from any thread.
  public void stop() {
    isStopping = true;
    door.driver().wake();
  }
}
