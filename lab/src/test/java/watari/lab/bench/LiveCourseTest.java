package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.rule.Layout;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.host.offload.Counts;
import watari.lab.NeedsNamespaces;
import watari.lab.bench.RelayProcess.Door;

/// That the benchmark counts what it sends, and that every frame is one that the relay carries.
@NeedsNamespaces(programs = {"chrt", "ethtool", "nft", "taskset"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LiveCourseTest {
  private static final int PACKETS = 20_000;
  private static final int RULES = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private RelayStage stage;
  private Core core;

  @BeforeAll
  void build() throws IOException {
    core = Core.find();
    stage = RelayStage.open();
  }

  @AfterAll
  void remove() throws IOException {
    stage.close();
  }

  @ParameterizedTest
  @CsvSource({"true, 64", "false, 64", "true, 1400", "false, 1400"})
  void everyFrameIsCarriedByTheProgramsOfTheRelayAndCounted(boolean isUp, int size)
      throws IOException {
    var lane = Lane.own(stage.line(), isUp);
    var traffic = RelayStage.own(RULES, size, isUp);
    var rules = ManyRules.table(RULES, Layout.RFC7597);
    try (var down = new Counts("watari_down");
        var up = new Counts("watari_up");
        var _ = stage.attach(rules, down, up);
        var course = LiveCourse.ofPrograms(lane, traffic, core)) {
      long arrived = Lots.arrived(course, PACKETS);
      var tally = new Tally();
      (isUp ? up : down).addTo(tally);
      assertThat(arrived).isEqualTo(PACKETS);
      assertThat(tally.packets(Pass.SENT)).isEqualTo(PACKETS);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void everyPacketIsForwardedByTheKernelAndCounted(boolean isUp) throws IOException {
    var lane = Lane.second(stage.line(), isUp);
    var traffic = RelayStage.second(RULES, 64, isUp);
    try (var sink = Sink.open(lane.end(), lane.sink());
        var course = LiveCourse.ofKernel(lane, traffic, core, sink)) {
      assertThat(Lots.arrived(course, PACKETS)).isEqualTo(PACKETS);
    }
  }

  @ParameterizedTest
  @CsvSource({"TUN, true", "TUN, false", "AF_XDP, true", "AF_XDP, false"})
  void everyPacketIsSentByTheRelaysProcessAndCounted(Door door, boolean isUp) throws IOException {
    var lane = Lane.own(stage.line(), isUp);
    var traffic = RelayStage.own(RelayProcess.RULES, 64, isUp);
    try (var sink = Sink.open(lane.end(), lane.sink());
        var relay = RelayProcess.start(stage, core.prefixOfEager(), door)) {
      relay.await("watari relay ready", PATIENCE);
      try (var course = LiveCourse.ofProcess(lane, traffic, core, sink)) {
        var measured = course.run(PACKETS);
        assertThat(measured.arrived()).isEqualTo(PACKETS);
        assertThat(measured.nanos()).isPositive();
      }
    }
  }
}
