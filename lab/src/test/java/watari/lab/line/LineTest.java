package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Stage;

/// The real gateway and relay with programs that nobody here wrote.
@Disabled("the gateway and relay processes are not on this branch")
@NeedsNamespaces(programs = {"curl", "iperf3", "ping", "setpriv", "traceroute", "tshark"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LineTest {

  private static final int FLOWS = 300;
  private static final int DISTINCT_PORTS_MIN = 200;
  private static final String GOOD = "1";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Topology topology = new Topology(2, Layout.RFC7597);
  private final Subscriber one = topology.subscriber(1);
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
    var fits = at(one, "ping", "-nc1", "-W2", "-Mdo", "-s1432", "203.0.113.80");
    assertThat(fits.output()).contains("1 received");
    var tooBig = at(one, "ping", "-nc1", "-W2", "-Mdo", "-s1433", "203.0.113.80");
    assertThat(tooBig.output()).contains("0 received").containsPattern("mtu ?= ?1460");
  }

  @Test
  void aPingLargerThanTheLineArrivesInFragments() throws IOException {
    var finished = at(one, "ping", "-nc3", "-i0.1", "-W5", "-Mdont", "-s4000", "203.0.113.80");
    assertThat(finished.output()).contains("3 received");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-U", "-I", "-T"})
  void tracerouteEndsAtTheInternetHost(String kind) throws IOException {
    var finished = at(one, "traceroute", kind, "-n", "-q1", "-w3", "-m6", "203.0.113.80");
    var hops =
        finished.output().lines().skip(1).map(hop -> hop.strip().split(" +", -1)[1]).toList();
    assertThat(hops).startsWith("192.168.1.1").endsWith("203.0.113.80");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-R", "-u", "-u -R"})
  void iperfMovesData(String kind) throws IOException {
    try (var server = Running.start("iperf3", internet("iperf3", "-s", "-1", "--forceflush"))) {
      server.await("Server listening", PATIENCE);
      var command = new ArrayList<>(List.of("iperf3", "-J", "-t2", "-c", "203.0.113.80"));
      command.addAll(kind.isEmpty() ? List.of() : List.of(kind.split(" ", -1)));
      command.addAll(kind.contains("-u") ? List.of("-b20M", "-l1400") : List.of());
      var finished = at(one, command.toArray(String[]::new));
      var end = JsonMapper.shared().readTree(finished.output()).path("end");
      assertThat(finished.exit()).as(finished.output()).isZero();
      assertThat(received(end)).as(finished.output()).isGreaterThan(1_000_000);
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

  /// MAPE-01, MAPE-02, MAPE-35
  @Test
  void tsharkSeesRightAddressesAndChecksumsAndManyPortsOnTheAccessNetwork(@TempDir Path folder)
      throws IOException {
    var file = folder.resolve("access.pcapng").toString();
    var access = line.place(Topology.ACCESS);
    var capture =
        access.command(List.of("tshark", "-n", "-i", "relay0", "-f", "ip6 proto 4", "-w", file));
    try (var tshark = Running.start("tshark", capture)) {
      tshark.await("Capturing on", PATIENCE);
      openFlows();
      at(one, "traceroute", "-U", "-n", "-q1", "203.0.113.80");
    }
    var frames = read(file);
    var ports = new HashSet<Integer>();
    for (var frame : frames) {
      demandRight(frame);
      if (frame.outerSource().equals(one.mapAddress().toString())) {
        ports.add(frame.sourcePort());
      }
    }
    assertThat(one.ports()).containsAll(ports);
    assertThat(ports).hasSizeGreaterThanOrEqualTo(DISTINCT_PORTS_MIN);
  }

  /// One TCP connection a URL, to ten ports of the Internet host.
  private void openFlows() throws IOException {
    var finished =
        at(
            one,
            "curl",
            "-sS",
            "--parallel",
            "--parallel-immediate",
            "--parallel-max",
            Integer.toString(FLOWS),
            "--max-time",
            "20",
            "-H",
            "Connection: close",
            "http://203.0.113.80:[8000-8009]/[1-30]");
    assertThat(finished.exit()).as(finished.output()).isZero();
    // curl draws its progress between the answers, so they are no lines.
    var answers = Pattern.compile(Pattern.quote(one.ipv4() + ":")).matcher(finished.output());
    assertThat(answers.results()).hasSize(FLOWS);
  }

  /// One 4in6 packet of TCP or UDP as tshark reads it; a checksum is "1" when it is good.
  private record Frame(
      String outerSource,
      String outerTarget,
      String innerSource,
      String innerTarget,
      int sourcePort,
      String headerChecksum,
      String transportChecksum) {

    static Frame of(String line) {
      var field = line.split("\t", -1);
      boolean tcp = !field[5].isEmpty();
      int port = Integer.parseInt(field[tcp ? 5 : 7]);
      var transport = field[tcp ? 6 : 8];
      return new Frame(field[0], field[1], field[2], field[3], port, field[4], transport);
    }
  }

  private List<Frame> read(String file) throws IOException {
    var whole =
        new ArrayList<>(
            List.of("tshark", "-n", "-r", file, "-Y", "(tcp or udp) and not icmp", "-T", "fields"));
    whole.addAll(List.of("-E", "occurrence=f"));
    whole.addAll(List.of("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"));
    whole.addAll(List.of("-o", "udp.check_checksum:TRUE"));
    var fields =
        List.of(
            "ipv6.src",
            "ipv6.dst",
            "ip.src",
            "ip.dst",
            "ip.checksum.status",
            "tcp.srcport",
            "tcp.checksum.status",
            "udp.srcport",
            "udp.checksum.status");
    fields.forEach(field -> whole.addAll(List.of("-e", field)));
    return Finished.demand(whole, "").lines().filter(l -> l.contains("\t")).map(Frame::of).toList();
  }

  private void demandRight(Frame frame) {
    var map = one.mapAddress().toString();
    boolean up = frame.outerSource().equals(map);
    assertThat(frame.outerSource()).isEqualTo(up ? map : Topology.RELAY_IPV6);
    assertThat(frame.outerTarget()).isEqualTo(up ? Topology.RELAY_IPV6 : map);
    assertThat(frame.innerSource()).isEqualTo(up ? one.ipv4().toString() : Topology.INTERNET_IPV4);
    assertThat(frame.innerTarget()).isEqualTo(up ? Topology.INTERNET_IPV4 : one.ipv4().toString());
    assertThat(frame.headerChecksum()).isEqualTo(GOOD);
    assertThat(frame.transportChecksum()).isEqualTo(GOOD);
  }

  private Finished at(Subscriber subscriber, String... program) throws IOException {
    return Finished.run(line.place(subscriber.home()).command(List.of(program)));
  }

  private List<String> internet(String... program) {
    return line.place(Topology.INTERNET).command(List.of(program));
  }
}
