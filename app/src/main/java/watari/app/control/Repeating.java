package watari.app.control;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Something done about once a second, on a thread of its own, until it is closed.
final class Repeating implements AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Thread thread;
  private volatile boolean isClosed;

  private Repeating(String name, Runnable task) {
    thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              while (!isClosed) {
                LockSupport.parkNanos(PAUSE_NANOS);
                task.run();
              }
            });
  }

  static Repeating start(String name, Runnable task) {
    var repeating = new Repeating(name, task);
    repeating.thread.start();
    return repeating;
  }

  /// It is done once more at most, and not waited for.
  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
  }
}
