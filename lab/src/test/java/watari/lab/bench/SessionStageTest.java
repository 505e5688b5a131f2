package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.lab.NeedsNamespaces;

/// That every packet of the benchmark is of a session that is open, with Watari and with the
/// kernel, and is counted.
@NeedsNamespaces(programs = {"chrt", "ethtool", "nft", "taskset"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SessionStageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PACKETS = 20_000;
  private static final int SESSIONS = 5000;

  private SessionStage stage;
  private Core core;

  @BeforeAll
  void build() throws IOException {
    core = Core.find();
    stage = SessionStage.open(SESSIONS);
  }

  @AfterAll
  void remove() throws IOException {
    stage.close();
  }

  @ParameterizedTest
  @CsvSource({"true, 64", "false, 64", "true, 1400", "false, 1400"})
  void everyPacketOfASessionIsCarriedByTheProgramsOfTheGateway(boolean isUp, int size)
      throws IOException {
    var place = stage.own(true).middle();
    try (var home = CarriedHome.open(place, SESSIONS, SessionStage.PORTS)) {
      var traffic = stage.own(SESSIONS, size, isUp, home.mapAddress(), home.ports());
      for (var kind : List.of(traffic.inOrder(), traffic)) {
        try (var course = LiveCourse.ofPrograms(stage.own(isUp), kind, core)) {
          assertThat(Lots.arrived(course, PACKETS)).isEqualTo(PACKETS);
        }
      }
      assertThat(home.sent()).isEqualTo(2 * PACKETS);
    }
  }

  @Test
  void theKernelHoldsAsManyFlowsAndForwardsEveryPacketOfThem() throws IOException {
    try (var up = LaneSink.open(stage.second(true), true);
        var down = LaneSink.open(stage.second(false), false)) {
      stage.openOfKernel(SESSIONS, core, up, down);
      for (var there : List.of(up, down)) {
        var traffic = SessionStage.second(SESSIONS, 64, there.isUp());
        try (var course =
            LiveCourse.ofKernel(stage.second(there.isUp()), traffic, core, there.sink())) {
          assertThat(Lots.arrived(course, PACKETS)).isEqualTo(PACKETS);
        }
      }
      var gateway = stage.homes().place(stage.homes().kernel().gateway());
      assertThat(FlowRoom.count(gateway)).isEqualTo(SESSIONS);
    }
  }

  @Test
  void theGatewaysProcessSendsEveryPacketOfASession() throws IOException {
    try (var gateway =
        GatewayProcess.start(stage.homes(), core.prefixOfEager(), SessionBench.MANNERS)) {
      gateway.await("watari gateway ready", PATIENCE);
      var hosts = Flow.fromHosts(SessionStage.HOME, SessionStage.PORTS);
      var outer = OuterPorts.learn(stage.own(true), hosts);
      for (boolean isUp : new boolean[] {true, false}) {
        var map = stage.homes().watari().mapAddress();
        var traffic = stage.own(1000, 64, isUp, map, outer).inOrder();
        try (var there = LaneSink.open(stage.own(isUp), isUp);
            var course = LiveCourse.ofProcess(stage.own(isUp), traffic, core, there.sink())) {
          assertThat(course.run(PACKETS).arrived()).isEqualTo(PACKETS);
        }
      }
    }
  }

  @Test
  void theMachinesRoomForFlowsIsPutBack() throws IOException {
    int before = FlowRoom.most();
    try (var _ = FlowRoom.open(before)) {
      assertThat(FlowRoom.most()).isEqualTo(2 * before);
    }
    assertThat(FlowRoom.most()).isEqualTo(before);
  }
}
