package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
import watari.lab.Until;

/// How the offload of a real relay comes and goes: where it runs, why not, and what is left of it.
@NeedsNamespaces(programs = {"ethtool", "iperf3", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OffloadLifecycleTest {
  private static final int FEW = 5;
  private static final int MANY = 100;
  private static final String INTERFACES = "interfaces: {internet: net0, line: line0}\n";
  private static final String REQUIRED = "offload: required\nhook: xdp\n" + INTERFACES;
  private static final String SPARE = "interfaces: {internet: net0, line: [line0, spare0]}\n";

  private Workbench bench;
  private Running gateway;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    gateway = bench.gateway(bench.file());
    bench.likeCardsAtRelay();
  }

  @AfterAll
  void remove() throws IOException {
    gateway.close();
    bench.close();
  }

  private JsonNode asked(String question) throws IOException {
    return JsonMapper.shared().readTree(bench.ask(question, bench.settings().relaySocket()));
  }

  private JsonNode offload() throws IOException {
    return bench.offload(bench.settings().relaySocket());
  }

  private String relayLinks() throws IOException {
    return bench.at(Topology.RELAY, "ip", "-detail", "link");
  }

  @Test
  void theKernelCarriesWhatTheFileNamesAndTheEndTakesItAway() throws IOException {
    try (var relay = bench.relay(REQUIRED)) {
      assertThat(String.join("", relay.output()))
          .contains("offload at net0 (xdp native) and line0 (xdp native)");
      assertThat(offload().path("running").asBoolean()).isTrue();
      assertThat(relayLinks()).contains("xdp");
      bench.demandCrossing(); // neighbours are known from now on
      long before = asked("counters").at("/upstream/passed/sent").asLong();
      long domainBefore = ofDomain();
      datagrams(500);
      long java = asked("counters").at("/device/received").asLong();
      assertThat(asked("counters").at("/upstream/passed/sent").asLong() - before)
          .isBetween(500L, 600L);
      assertThat(ofDomain() - domainBefore).isBetween(500L, 600L);
      assertThat(java).isLessThan(200);
      relay.ask();
      assertThat(relay.ended(Workbench.PATIENCE)).isZero();
    }
    assertThat(relayLinks()).doesNotContain("xdp");
  }

  private long ofDomain() throws IOException {
    var domains = asked("counters").path("domains");
    assertThat(domains.size()).isOne();
    return domains.values().iterator().next().at("/upstream/passed/sent").asLong();
  }

  /// So many datagrams of the home reach the Internet.
  private void datagrams(int count) throws IOException {
    var bytes = Integer.toString(count * 1000);
    var home = bench.place(bench.one().home());
    var said =
        Iperf.toInternet(home, bench.place(Topology.INTERNET))
            .run("-J", "-u", "-b5M", "-l1000", "-n", bytes);
    var sum = JsonMapper.shared().readTree(said).at("/end/sum");
    assertThat(sum.path("lost_packets").asInt(-1)).isZero();
    assertThat(sum.path("packets").asInt()).isEqualTo(count);
  }

  /// After `kill -9` nothing forwards, not even datagrams that the kernel alone has carried, and a
  /// relay that starts again goes on.
  @Test
  void aKilledRelayLeavesNoProgramThatForwards() throws IOException {
    try (var echoes = echoes()) {
      try (var relay = bench.relay(REQUIRED)) {
        bench.demandCrossing();
        Until.seen("that the kernel alone carries them", () -> isCarried(echoes));
        relay.kill();
      }
      assertThat(relayLinks()).doesNotContain("xdp", "watari-relay0");
      assertThat(echoes.returned(MANY)).isZero();
      try (var _ = bench.relay(REQUIRED)) {
        bench.demandCrossing();
        assertThat(echoes.returned(MANY)).isEqualTo(MANY);
      }
    }
  }

  private Echoes echoes() throws IOException {
    return new Echoes(
        bench.place(bench.one().home()), bench.place(Topology.INTERNET), Topology.INTERNET_IPV4);
  }

  private boolean isCarried(Echoes echoes) throws IOException {
    long java = received();
    assertThat(echoes.returned(MANY)).isEqualTo(MANY);
    return received() - java < FEW;
  }

  private long received() throws IOException {
    return bench.counted(bench.settings().relaySocket(), "/device/received");
  }

  /// The relay carries the packets itself, and the other program stays.
  @Test
  void anotherXdpProgramStaysAndTheRelaySaysSo() throws IOException {
    try (var _ = OtherProgram.at(bench.place(Topology.RELAY), "net0");
        var _ = bench.relay("hook: xdp\n" + INTERFACES)) {
      assertThat(offload().path("running").asBoolean()).isFalse();
      assertThat(offload().path("reason").asString())
          .contains("another XDP program is there", "'ip link show net0'", "'hook: tc'");
      bench.demandCrossing();
      datagrams(100);
      assertThat(relayLinks()).containsOnlyOnce("prog/xdp");
    }
  }

  @Test
  void anInterfaceThatGoesLeavesThePacketsToWatariUntilItComesBack() throws IOException {
    addSpare();
    try (var relay = bench.relay("hook: xdp\n" + SPARE)) {
      assertThat(offload().path("running").asBoolean()).isTrue();
      bench.at(Topology.RELAY, "ip", "link", "del", "spare0");
      relay.awaitPart(
          "The kernel does not carry packets: there is no interface 'spare0'", Workbench.PATIENCE);
      assertThat(offload().path("reason").asString())
          .startsWith("there is no interface 'spare0'; ");
      assertThat(relayLinks()).doesNotContain("xdp");
      datagrams(100);
      addSpare();
      Until.seen("that it comes back", () -> offload().path("running").asBoolean());
      datagrams(100);
    } finally {
      bench.tried(Topology.RELAY, "ip", "link", "del", "spare0");
    }
  }

  private void addSpare() throws IOException {
    bench.at(
        Topology.RELAY, "ip", "link", "add", "spare0", "type", "veth", "peer", "name", "spare1");
  }

  @Test
  void withoutTheRightToLoadTheRelayCarriesThePacketsItself() throws IOException {
    var before = new ArrayList<>(List.of("setpriv", "--bounding-set=-bpf,-sys_admin"));
    try (var _ = bench.relayBehind("hook: xdp\n" + INTERFACES, before.toArray(String[]::new))) {
      assertThat(offload().path("running").asBoolean()).isFalse();
      assertThat(offload().path("reason").asString())
          .contains("(EPERM)", "it needs CAP_BPF and CAP_NET_ADMIN: run it as root");
      bench.demandCrossing();
      datagrams(100);
    }
  }

  @Test
  void whereItMustRunAndCannotTheRelaySaysWhyAndLeavesNothing() throws IOException {
    var before = bench.kernel(Topology.RELAY);
    var refusal = bench.relayRefusal("offload: required\nhook: xdp\n" + SPARE);
    assertThat(refusal)
        .isEqualTo(
            new Finished(
                1,
                "watari: the file says 'offload: required', and it cannot run: there is no"
                    + " interface 'spare0'; 'ip link' lists them"));
    assertThat(bench.kernel(Topology.RELAY)).isEqualTo(before);
  }
}
