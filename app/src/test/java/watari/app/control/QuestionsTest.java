package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import watari.host.driver.Batch;
import watari.host.driver.Memory;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.host.engine.Worker;

final class QuestionsTest {
  @Test
  void whatHadNoAnswerInTimeIsNotDoneLaterUnlessItMustBe() throws Exception {
    List<String> done = new ArrayList<>();
    try (var doors = Memory.pair(1, 64);
        var batch = Batch.ofMtu(64)) {
      var worker = new Worker(new Door(doors.left()), batch, Crossing.nowhere(), () -> 0);
      demandNoAnswer(() -> Questions.ask(worker, () -> done.add("asked")));
      demandNoAnswer(() -> Questions.insist(worker, () -> done.add("insisted")));
      var ended = CompletableFuture.runAsync(() -> carry(worker));
      assertThat(Questions.ask(worker, () -> List.copyOf(done))).containsExactly("insisted");
      worker.stop();
      ended.get(10, TimeUnit.SECONDS);
    }
  }

  private interface Asking {
    void ask() throws Questions.NoAnswer;
  }

  private static void demandNoAnswer(Asking asking) {
    Thread.currentThread().interrupt();
    assertThatThrownBy(asking::ask)
        .isInstanceOf(Questions.NoAnswer.class)
        .hasMessage("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void carry(Worker worker) {
    try {
      worker.run();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
