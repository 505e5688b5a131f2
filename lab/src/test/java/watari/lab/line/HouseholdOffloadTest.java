package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.Until;

/// A household whose settled sessions the kernel carries, and does not, and does again.
@NeedsNamespaces(programs = {"ethtool", "iperf3", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HouseholdOffloadTest {
  private static final String OFFLOAD =
      "hook: xdp\ninterfaces: {lan: lan0, line: [wan0, spare0]}\n";
  private static final String SPARE = "spare0";
  private static final int TURNS = 5;

  private final Topology topology = new Topology(1, Layout.RFC7597);
  private final Subscriber one = topology.subscriber(1);
  private Line line;

  @BeforeAll
  void start() throws IOException {
    line = Line.plan(topology);
    line.build();
    line.configure(one, OFFLOAD);
    line.start();
    // The other end of a pair takes frames from a program only so.
    at(one.home(), "ethtool", "-K", Topology.LAN, "gro", "on");
    at(Topology.ACCESS, "ethtool", "-K", "home1", "gro", "on");
    // A card would have finished the checksums that a pair leaves open, and a program cannot.
    at(one.home(), "ethtool", "-K", Topology.LAN, "tx", "off");
    at(one.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
  }

  /// A test that fails midway leaves it.
  @AfterEach
  void withoutSpare() throws IOException {
    Finished.run(line.place(one.gateway()).command(List.of("ip", "link", "del", SPARE)));
  }

  @AfterAll
  void end() throws IOException {
    line.close();
  }

  private String at(String node, String... program) throws IOException {
    return Finished.demand(line.place(node).command(List.of(program)), "");
  }

  /// The offload comes with the last interface that it needs.
  private void comes() throws IOException {
    at(one.gateway(), "ip", "link", "add", SPARE, "type", "veth", "peer", "name", "spare1");
    Until.seen("that it comes", this::isRunning);
  }

  private void goes() throws IOException {
    at(one.gateway(), "ip", "link", "del", SPARE);
    Until.seen("that it goes", () -> !isRunning());
  }

  private boolean isRunning() throws IOException {
    return JsonMapper.shared().readTree(line.gatewayStatus(one)).at("/offload/running").asBoolean();
  }

  private JsonNode counters() throws IOException {
    return JsonMapper.shared().readTree(line.gatewayCounters(one));
  }

  /// Packets of both ways, whoever carried them.
  private static long all(JsonNode counters) {
    return counters.at("/outbound/passed/sent").asLong()
        + counters.at("/inbound/passed/sent").asLong();
  }

  /// Packets that came to Java.
  private static long java(JsonNode counters) {
    return counters.at("/device/received").asLong();
  }

  private static long kernel(JsonNode counters) {
    return all(counters) - java(counters);
  }

  @Test
  void theKernelCarriesSettledSessionsAndJavaTheRest() throws IOException {
    comes();
    var before = counters();
    iperf().run("-t1");
    iperf().run("-t1", "-R");
    iperf().run("-t1", "-u", "-b20M", "-l1200");
    iperf().run("-t1", "-u", "-b20M", "-l1200", "-R");
    at(one.home(), "ping", "-nc3", "-i0.1", Topology.INTERNET_IPV4);
    var after = counters();
    assertThat(all(after) - all(before)).isGreaterThan(10_000);
    assertThat(java(after) - java(before)).isBetween(6L, (all(after) - all(before)) / 20);
    goes();
  }

  /// A stream and datagrams go on while Java and the kernel take turns. A pair that gets or loses a
  /// program throws away what it has in hand.
  @Test
  void flowsLiveThroughTheOffloadComingAndGoing() throws IOException {
    try (var stream = iperf().begin("5201");
        var datagrams = iperf().begin("5202", "-u", "-b5M", "-l1000")) {
      for (int turn = 0; turn < TURNS; turn++) {
        comes();
        long carried = kernel(counters());
        Until.seen("that the kernel carries", () -> kernel(counters()) > carried + 1_000);
        goes();
        long seen = java(counters());
        Until.seen("that Java carries", () -> java(counters()) > seen + 1_000);
      }
      stream.end();
      assertThat(datagrams.endLost()).isLessThan(5);
    }
  }

  /// A file that says nothing new of the tunnel leaves the programs where they are, and sessions go
  /// back to them.
  @Test
  void programsStayWhereAReloadChangesNothingOfTheirs() throws IOException {
    comes();
    long program = program();
    line.reload(one);
    long carried = kernel(counters());
    iperf().run("-t1");
    assertThat(kernel(counters()) - carried).isGreaterThan(1_000);
    assertThat(program()).isEqualTo(program);
    goes();
  }

  /// The number of the one at the home's interface, which no other ever has again.
  private long program() throws IOException {
    var said = at(one.gateway(), "ip", "-detail", "-json", "link", "show", "lan0");
    var number = JsonMapper.shared().readTree(said).get(0).at("/xdp/prog/id");
    assertThat(number.isNumber()).as(said).isTrue();
    return number.asLong();
  }

  private Iperf iperf() {
    return Iperf.toInternet(line.place(one.home()), line.place(Topology.INTERNET));
  }
}
