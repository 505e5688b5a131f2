package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;

/// A real relay with two workers: flows, fragments and pings cross, every packet is accounted for,
/// and nothing is left behind.
@NeedsNamespaces(programs = {"ethtool", "iperf3", "ping"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RelayWorkersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TWO = "workers: 2\n";

  private Workbench bench;
  private Running gateway;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    gateway = bench.gateway(bench.file());
  }

  @AfterAll
  void remove() throws IOException {
    gateway.close();
    bench.close();
  }

  private JsonNode asked(String question) throws IOException {
    return JsonMapper.shared().readTree(bench.ask(question, bench.settings().relaySocket()));
  }

  @Test
  void flowsFragmentsAndPingsCrossAndNoPacketIsUnaccountedFor() throws IOException {
    try (var relay = bench.relay(TWO)) {
      assertThat(asked("status").path("workers").asInt()).isEqualTo(2);
      // A super-packet is one packet of the device and several of the ways.
      bench.at(Topology.RELAY, "ethtool", "-K", "watari-relay0", "tso", "off");
      bench.at(Topology.RELAY, "ethtool", "-K", "net0", "gro", "off");
      bench.demandCrossing();
      flows("-P8");
      flows("-P8", "-R");
      flows("-P8", "-u", "-b1M", "-l1000");
      flows("-P8", "-u", "-b1M", "-l1000", "-R");
      // of the home in fragments within fragments, of the Internet in fragments
      ping("4000");
      ping("1444");
      demandBooksThatAgree();
      relay.ask();
      assertThat(relay.ended(PATIENCE)).isZero();
    }
  }

  private void flows(String... options) throws IOException {
    var command = new ArrayList<>(List.of("-J", "-t1"));
    command.addAll(List.of(options));
    var home = bench.place(bench.one().home());
    var said =
        Iperf.toInternet(home, bench.place(Topology.INTERNET)).run(command.toArray(String[]::new));
    var end = JsonMapper.shared().readTree(said).path("end");
    assertThat(end.path("streams")).hasSize(8);
    end.path("streams")
        .forEach(stream ->
            assertThat(bytes(stream)).as("every stream is carried: %s", stream).isPositive());
  }

  private static long bytes(JsonNode stream) {
    var tcp = stream.at("/receiver/bytes");
    return tcp.isMissingNode() ? stream.at("/udp/bytes").asLong() : tcp.asLong();
  }

  private void ping(String bytes) throws IOException {
    var said =
        bench.at(
            bench.one().home(),
            "ping",
            "-nc100",
            "-i0.01",
            "-w60",
            "-Mdont",
            "-s" + bytes,
            Topology.INTERNET_IPV4);
    assertThat(said).contains(" 100 received");
  }

  private void demandBooksThatAgree() throws IOException {
    var counters = asked("counters");
    long up = counters.at("/upstream/receivedPackets").asLong();
    long down = counters.at("/downstream/receivedPackets").asLong();
    assertThat(counters.at("/device/superReceived").asLong()).isZero();
    assertThat(counters.at("/device/received").asLong()).isEqualTo(up + down);
    assertThat(counters.at("/upstream/passed/held").asLong()).isPositive();
    assertThat(counters.at("/downstream/passed/held").asLong()).isPositive();
    assertThat(counters.at("/upstream/drops/fragmentTimedOut").asLong()).isZero();
    assertThat(counters.at("/downstream/drops/fragmentTimedOut").asLong()).isZero();
    assertThat(domains(counters, "upstream")).isBetween(1L, up);
    assertThat(domains(counters, "downstream")).isBetween(1L, down);
  }

  private static long domains(JsonNode counters, String way) {
    long packets = 0;
    for (var domain : counters.path("domains")) {
      packets += domain.path(way).path("receivedPackets").asLong();
    }
    return packets;
  }

  @Test
  void aKilledRelayWithWorkersLeavesNothing() throws IOException {
    var before = bench.kernel(Topology.RELAY);
    try (var relay = bench.relay(TWO)) {
      bench.demandCrossing();
      relay.kill();
    }
    assertThat(bench.kernel(Topology.RELAY)).isEqualTo(before);
    try (var relay = bench.relay(TWO)) {
      bench.demandCrossing();
      relay.ask();
      assertThat(relay.ended(PATIENCE)).isZero();
    }
    assertThat(bench.kernel(Topology.RELAY)).isEqualTo(before);
  }
}
