package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Finished;
import watari.lab.line.Topology;

/// That the streams of the benchmark go the ways that it says.
@NeedsNamespaces(programs = {"chrt", "ethtool", "iperf3", "nft", "setpriv", "taskset"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StreamStageTest {
  private static final int MANY = 1000;

  private StreamStage stage;
  private StreamServer server;

  @BeforeAll
  void build() throws IOException {
    var core = Core.find();
    stage = StreamStage.open(core);
    server = StreamServer.open(stage.homes(), core);
    // The programs hear once a second who is whose neighbour; until then Java has the packets.
    assertThat(stage.ours(server, false, 3)).isPositive();
  }

  @AfterAll
  void remove() throws IOException {
    server.close();
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStreamGoesByTheProgramsOrByTheKernelAndByNoOtherWay(boolean isWhole) throws IOException {
    stage.segment(isWhole);
    long own = sent("net0");
    long second = sent("net1");
    long device = sent("watari-relay0");
    assertThat(stage.ours(server, false, 1)).isPositive();
    assertThat(sent("net0") - own).isGreaterThan(MANY);
    assertThat(sent("net1")).isEqualTo(second);
    assertThat(sent("watari-relay0") - device).isLessThan(MANY);
    own = sent("net0");
    assertThat(stage.theirs(server, false, 1)).isPositive();
    assertThat(sent("net1") - second).isGreaterThan(MANY);
    assertThat(sent("net0") - own).isLessThan(MANY);
  }

  /// Packets that left the relay by that interface.
  private long sent(String device) throws IOException {
    var file = "/sys/class/net/" + device + "/statistics/tx_packets";
    var command = stage.homes().place(Topology.RELAY).command(List.of("cat", file));
    return Long.parseLong(Finished.demand(command, "").strip());
  }
}
