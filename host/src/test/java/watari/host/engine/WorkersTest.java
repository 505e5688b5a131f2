package watari.host.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.wire.Slab;
import watari.host.driver.Memory;

/// Three workers at doors in memory; what a test waits for has ten seconds.
final class WorkersTest {
  private static final int COUNT = 3;

  private final List<Memory.Pair> pairs =
      Stream.generate(() -> Memory.superPair(4)).limit(COUNT).toList();
  private final Stations stations = new Stations(pairs.stream().map(Memory.Pair::left).toList());
  private final Set<String> threads = ConcurrentHashMap.newKeySet();
  private final CountDownLatch carried = new CountDownLatch(COUNT);
  private final long packet = Slab.take(64);

  @AfterEach
  void close() throws IOException {
    stations.close();
    pairs.forEach(Memory.Pair::close);
    Slab.give(packet, 64);
  }

  private Crossing crossing(int number) {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        threads.add(number + " at " + Thread.currentThread().threadId());
        carried.countDown();
        if (length == 13) {
          throw new IllegalStateException("a packet that should not be");
        }
      }

      @Override
      public void tick(long now) {}
    };
  }

  private Workers workers() {
    var crossings = new ArrayList<Crossing>();
    for (int i = 0; i < COUNT; i++) {
      crossings.add(crossing(i));
    }
    return stations.workers(crossings, Worker::monotonicMillis);
  }

  private static CompletableFuture<Void> start(Workers workers) {
    var ended = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            workers.run();
            ended.complete(null);
          } catch (IOException | RuntimeException e) {
            ended.completeExceptionally(e);
          }
        });
    return ended;
  }

  @Test
  void eachCarriesWhatComesToItsDoorOnAThreadOfItsOwn() throws Exception {
    var workers = workers();
    var ended = start(workers);
    pairs.forEach(pair -> pair.right().send(packet, 20));
    assertThat(carried.await(10, TimeUnit.SECONDS)).isTrue();
    workers.stop();
    ended.get(10, TimeUnit.SECONDS);
    assertThat(threads).hasSize(COUNT);
    assertThat(threads.stream().map(text -> text.substring(1)).distinct()).hasSize(COUNT);
  }

  @Test
  void aQuestionToAllHasAnAnswerOfEach() throws Exception {
    var workers = workers();
    var ended = start(workers);
    var ids = new ArrayList<Long>();
    for (var answer : workers.askEach(number -> number + Thread.currentThread().threadId() * 10)) {
      ids.add(answer.get(10, TimeUnit.SECONDS));
    }
    workers.stop();
    ended.get(10, TimeUnit.SECONDS);
    assertThat(ids.stream().map(id -> id % 10)).containsExactly(0L, 1L, 2L);
    assertThat(ids.stream().map(id -> id / 10).distinct()).hasSize(COUNT);
  }

  @Test
  void newsReachAllButTheTeller() throws Exception {
    var workers = workers();
    var ended = start(workers);
    Set<Integer> heard = ConcurrentHashMap.newKeySet();
    workers.tellOthers(1, number -> () -> heard.add(number));
    for (var answer : workers.askEach(number -> number)) {
      answer.get(10, TimeUnit.SECONDS); // behind the news
    }
    workers.stop();
    ended.get(10, TimeUnit.SECONDS);
    assertThat(heard).containsExactlyInAnyOrder(0, 2);
  }

  @Test
  void aCrowdOfNewsIsNotKeptForAWorkerThatDoesNotListen() {
    var worker = workers().first();
    for (int i = 0; i < Worker.TOLD_MAX; i++) {
      assertThat(worker.tell(() -> {})).isTrue();
    }
    assertThat(worker.tell(() -> {})).isFalse();
    assertThatCode(worker::breathe).doesNotThrowAnyException();
    assertThat(worker.tell(() -> {})).isTrue();
  }

  @Test
  void aDeviceThatIsGoneEndsAll() {
    var workers = workers();
    var ended = start(workers);
    pairs.getLast().left().close();
    assertThatIOException()
        .isThrownBy(() -> result(ended))
        .withMessageContaining("this door is closed");
  }

  @Test
  void aMistakeOfOneEndsAll() {
    var ended = start(workers());
    pairs.get(1).right().send(packet, 13);
    assertThatIllegalStateException().isThrownBy(() -> result(ended));
  }

  @Test
  void aMistakeOfTheFirstEndsAll() {
    var ended = start(workers());
    pairs.getFirst().right().send(packet, 13);
    assertThatIllegalStateException().isThrownBy(() -> result(ended));
  }

  private static void result(CompletableFuture<Void> ended) throws Exception {
    try {
      ended.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  @Test
  void endAtOnceWhenTheyWereStoppedBefore() throws Exception {
    var workers = workers();
    workers.stop();
    start(workers).get(10, TimeUnit.SECONDS);
    assertThat(threads).isEmpty();
  }
}
