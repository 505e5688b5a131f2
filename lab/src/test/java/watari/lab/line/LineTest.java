package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Counters;
import watari.lab.proof.Stage;

/// The real gateway and relay with programs that nobody here wrote.
@NeedsNamespaces(programs = {"curl", "iperf3", "ping", "setpriv", "socat", "traceroute", "tshark"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LineTest {

  private static final int TCP_FLOWS = 210;
  private static final int UDP_FLOWS = 90;
  private static final int DISTINCT_PORTS_MIN = 200;
  private static final String TO_NOBODY = "inbound.drops.outerTargetNotOurs";
  private static final int MULTICAST_MAX = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Topology topology = new Topology(2, Layout.RFC7597);
  private final Subscriber one = topology.subscriber(1);

  /// The flood of flows is this one's, so that all other tests find free ports whatever the order.
  private final Subscriber two = topology.subscriber(2);

  private Line line;
  private Stage stage;

  @BeforeAll
  void start() throws IOException {
    line = Line.plan(topology);
    line.build();
    line.start();
    stage = Stage.open(line);
  }

  @AfterAll
  void end() throws IOException {
    stage.close();
    line.close();
  }

  @Test
  void curlIsSeenFromTheSharedAddressAndAPortOfItsOwnSet() throws IOException {
    for (var subscriber : topology.subscribers()) {
      var seen = at(subscriber, "curl", "-sS", "http://203.0.113.80/").output().strip();
      assertThat(seen).startsWith(subscriber.ipv4() + ":");
      assertThat(subscriber.ports()).contains(Integer.valueOf(seen.replaceFirst(".*:", "")));
    }
  }

  @Test
  void pingLosesNothing() throws IOException {
    for (var subscriber : topology.subscribers()) {
      var finished = at(subscriber, "ping", "-n", "-c", "10", "-i", "0.05", "203.0.113.80");
      assertThat(finished.output()).contains("10 received, 0% packet loss");
    }
  }

  /// MAPE-50
  @Test
  void pingFindsTheMtuOfTheLine() throws IOException {
    var before = counters(one);
    var fits = at(one, "ping", "-nc1", "-W2", "-Mdo", "-s1432", "203.0.113.80");
    assertThat(fits.output()).contains("1 received");
    var tooBig = at(one, "ping", "-nc1", "-W2", "-Mdo", "-s1433", "203.0.113.80");
    assertThat(tooBig.output()).contains("0 received").containsPattern("mtu ?= ?1460");
    assertThat(dropped(before)).isEqualTo(Map.of("outbound.drops.tooBig", 1L));
  }

  private Counters counters(Subscriber subscriber) throws IOException {
    return Counters.parse(line.gatewayCounters(subscriber));
  }

  /// What the first home's gateway has dropped since then, by reason; without the few packets that
  /// the kernel says to every device now and then, that it hears multicast (MLD), for they are to
  /// nobody we are. More of them would be something else.
  private Map<String, Long> dropped(Counters before) throws IOException {
    var grown = new TreeMap<>(counters(one).since(before));
    grown.keySet().removeIf(name -> !name.contains(".drops."));
    if (grown.getOrDefault(TO_NOBODY, 0L) <= MULTICAST_MAX) {
      grown.remove(TO_NOBODY);
    }
    return grown;
  }

  @Test
  void aPingLargerThanTheLineArrivesInFragments() throws IOException {
    var finished = at(one, "ping", "-nc3", "-i0.1", "-W5", "-Mdont", "-s4000", "203.0.113.80");
    assertThat(finished.output()).contains("3 received");
  }

  /// FRG-19
  @Test
  void aDatagramLargerThanTheLineGoesThereAndComesBack(@TempDir Path folder) throws IOException {
    var text = "there and back ".repeat(240).strip();
    var file = Files.writeString(folder.resolve("datagram"), text + "\n");
    try (var server =
        Running.start("socat", internet("socat", "-dd", "-b4000", "UDP-RECVFROM:7000", "PIPE"))) {
      server.awaitPart("receiving on", PATIENCE);
      var socat = home("socat", "-b4000", "-t60", file + "!!STDOUT", "UDP:203.0.113.80:7000");
      try (var client = Running.start("socat", socat)) {
        assertThat(client.await("there", PATIENCE)).isEqualTo(text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-U", "-I", "-T"})
  void tracerouteEndsAtTheInternetHost(String kind) throws IOException {
    var before = counters(one);
    var finished = at(one, "traceroute", kind, "-n", "-q1", "-w3", "-m6", "203.0.113.80");
    var hops =
        finished.output().lines().skip(1).map(hop -> hop.strip().split(" +", -1)[1]).toList();
    assertThat(hops).startsWith("192.168.1.1").endsWith("203.0.113.80");
    assertThat(counters(one).since(before))
        .hasEntrySatisfying("outbound.passed.sent", probes -> demandAtLeast(2, probes))
        .hasEntrySatisfying("inbound.passed.sent", answers -> demandAtLeast(2, answers));
    assertThat(dropped(before)).isEmpty();
  }

  private static void demandAtLeast(long wanted, Long seen) {
    assertThat(seen).isGreaterThanOrEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-R", "-u", "-u -R"})
  void iperfMovesData(String kind) throws IOException {
    var before = counters(one);
    var options = new ArrayList<>(List.of("-t1"));
    options.addAll(kind.isEmpty() ? List.of() : List.of(kind.split(" ", -1)));
    options.addAll(kind.contains("-u") ? List.of("-b20M", "-l1400") : List.of());
    var end = iperf(one, options.toArray(String[]::new));
    assertThat(received(end)).as(end.toString()).isGreaterThan(1_000_000);
    var way = kind.contains("-R") ? "inbound.passed.sent" : "outbound.passed.sent";
    assertThat(counters(one).since(before))
        .hasEntrySatisfying(way, packets -> demandAtLeast(1_000_000 / 1460, packets));
  }

  private JsonNode iperf(Subscriber subscriber, String... options) throws IOException {
    try (var server = Running.start("iperf3", internet("iperf3", "-s", "-1", "--forceflush"))) {
      server.await("Server listening", PATIENCE);
      var command = new ArrayList<>(List.of("iperf3", "-J", "-c", "203.0.113.80"));
      command.addAll(List.of(options));
      var finished = at(subscriber, command.toArray(String[]::new));
      assertThat(finished.exit()).as(finished.output()).isZero();
      return JsonMapper.shared().readTree(finished.output()).path("end");
    }
  }

  private static long received(JsonNode end) {
    if (!end.has("sum")) {
      return end.path("sum_received").path("bytes").asLong();
    }
    var sum = end.path("sum");
    return Math.round(
        sum.path("bytes").asLong() * (100 - sum.path("lost_percent").asDouble()) / 100);
  }

  /// MAPE-01, MAPE-02, MAPE-35, MAPE-47
  @Test
  void tsharkSees300FlowsOfOneHouseholdWithRightAddressesChecksumsAndPorts(@TempDir Path folder)
      throws IOException {
    var file = folder.resolve("access.pcapng").toString();
    var access = line.place(Topology.ACCESS);
    try (var tshark = Running.start("tshark", access.command(Capture.write("relay0", file)))) {
      tshark.await("Capturing on", PATIENCE);
      openTcpFlows();
      openUdpFlows();
      assertThat(sessions()).isGreaterThanOrEqualTo(TCP_FLOWS + UDP_FLOWS);
      at(two, "ping", "-n", "-c2", "-i0.1", "-Mdont", "-s4000", "203.0.113.80");
      at(two, "traceroute", "-U", "-n", "-q1", "203.0.113.80");
      at(two, "ping", "-n", "-c1", "-s" + Capture.LAST_PING, "203.0.113.80");
      tshark.await(Capture.LAST_ANSWER, PATIENCE);
    }
    demandRight(Capture.read(file));
  }

  /// One TCP connection a URL, to ten ports of the Internet host.
  private void openTcpFlows() throws IOException {
    var command = new ArrayList<>(List.of("curl", "-sS", "--parallel", "--parallel-immediate"));
    command.addAll(List.of("--parallel-max", Integer.toString(TCP_FLOWS), "--max-time", "20"));
    command.addAll(List.of("-H", "Connection: close"));
    command.add("http://203.0.113.80:[8000-8009]/[1-" + TCP_FLOWS / 10 + "]");
    var finished = at(two, command.toArray(String[]::new));
    assertThat(finished.exit()).as(finished.output()).isZero();
    // curl draws its progress between the answers, so they are no lines.
    var answers = Pattern.compile(Pattern.quote(two.ipv4() + ":")).matcher(finished.output());
    assertThat(answers.results()).hasSize(TCP_FLOWS);
  }

  private void openUdpFlows() throws IOException {
    var end = iperf(two, "-u", "-P", Integer.toString(UDP_FLOWS), "-b10K", "-l200", "-t1");
    assertThat(end.path("streams")).hasSize(UDP_FLOWS);
  }

  private long sessions() throws IOException {
    return JsonMapper.shared().readTree(line.gatewayStatus(two)).path("sessions").asLong();
  }

  private void demandRight(List<Capture> frames) {
    assertThat(frames).allSatisfy(frame -> frame.demandRight(two));
    var up = frames.stream().filter(frame -> frame.isUp(two) && frame.isWhole()).toList();
    assertThat(up).allSatisfy(frame -> assertThat(two.owns(frame.identifier())).isTrue());
    var ports = new HashSet<Integer>();
    up.stream().filter(frame -> !frame.isIcmp()).forEach(frame -> ports.add(frame.identifier()));
    assertThat(ports).hasSizeGreaterThanOrEqualTo(DISTINCT_PORTS_MIN);
    assertThat(flows(up)).isGreaterThanOrEqualTo(TCP_FLOWS + UDP_FLOWS);
    assertThat(frames.stream().filter(Capture::isIcmp)).hasSizeGreaterThanOrEqualTo(4);
  }

  private static long flows(List<Capture> up) {
    return up.stream().filter(frame -> !frame.isIcmp()).map(Capture::flow).distinct().count();
  }

  private Finished at(Subscriber subscriber, String... program) throws IOException {
    return Finished.run(line.place(subscriber.home()).command(List.of(program)));
  }

  private List<String> home(String... program) {
    return line.place(one.home()).command(List.of(program));
  }

  private List<String> internet(String... program) {
    return line.place(Topology.INTERNET).command(List.of(program));
  }
}
