package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Topology;
import watari.lab.proof.Endpoint;

/// Browsers with many tabs behind 240 ports, each home with a gateway of its own.
@NeedsNamespaces(programs = {"curl", "hping3", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrowdTest {

  private static final int CROWD = 300;
  private static final List<Integer> TEN_PORTS = IntStream.range(7000, 7010).boxed().toList();
  private static final int TURNS = 20;

  /// Each packet from a port of its own to a port of its own.
  private static final String[] FLOOD = {
    "hping3", "-q", "--udp", "-i", "u200", "-p", "++1", "203.0.113.99"
  };

  private static final Pattern ANSWER = Pattern.compile("<([^>]+)>");

  private Neighbourhood neighbourhood;

  @BeforeAll
  void open() throws IOException {
    neighbourhood = Neighbourhood.open(new Topology(4, Layout.RFC7597).withHosts(2));
    for (int number = 100; number < 130; number++) {
      var address = "203.0.113." + number + "/24";
      neighbourhood.demand(Topology.INTERNET, "ip", "address", "add", address, "dev", "net0");
    }
  }

  @AfterAll
  void close() throws IOException {
    neighbourhood.close();
  }

  @Test
  void threeHundredConnectionsToTenPortsOfOneServerAreOpenAtOnce() throws IOException {
    demandTogether(1, CROWD, TEN_PORTS, "http://203.0.113.80:[7000-7009]/[1-30]");
  }

  @Test
  void threeHundredConnectionsToThirtyServersAreOpenAtOnce() throws IOException {
    demandTogether(2, CROWD, List.of(7020), "http://203.0.113.[100-129]:7020/[1-10]");
  }

  /// Each has an outer port of its own, since only that tells them apart.
  @Test
  void twoHundredConnectionsToOnePortOfOneServerAreOpenAtOnce() throws IOException {
    var ports = demandTogether(3, 200, List.of(7030), "http://203.0.113.80:7030/[1-200]");
    assertThat(ports).hasSize(200);
  }

  /// One begins thousands of flows a second, as a worm would; the other surfs.
  ///
  /// SHR-01, CGN-05
  @Test
  void aGreedyHostDoesNotStarveItsNeighbour() throws IOException {
    var home = neighbourhood.home(4);
    var before = neighbourhood.counters(home);
    try (var _ = neighbourhood.start(home.home(1), FLOOD)) {
      neighbourhood.awaitDrop(home, before, "outbound.drops.hostTooFast");
      for (int turn = 0; turn < TURNS; turn++) {
        neighbourhood.demand(home.home(2), "curl", "-sS", "--max-time", "20", "203.0.113.80");
      }
    }
    assertThat(neighbourhood.grown(home, before))
        .doesNotContainKeys("outbound.drops.portsExhausted", "outbound.drops.sessionsExhausted");
  }

  /// Opens connections that are all there at the same time, and gives their outer ports.
  private Set<Integer> demandTogether(int home, int crowd, List<Integer> ports, String urls)
      throws IOException {
    var subscriber = neighbourhood.home(home);
    var internet = neighbourhood.line().place(Topology.INTERNET);
    var before = neighbourhood.counters(subscriber);
    var command =
        List.of("curl", "-sS", "--parallel", "--parallel-immediate", "--parallel-max", "300");
    var program = new ArrayList<>(command);
    program.addAll(List.of("-H", "Connection: close", "--max-time", "50", urls));
    try (var _ = CrowdServer.open(internet, crowd, ports)) {
      var said = neighbourhood.run(subscriber.home(), program.toArray(String[]::new));
      assertThat(said.exit()).as(said.output()).isZero();
      var seen = new HashSet<Integer>();
      var answers = ANSWER.matcher(said.output()).results().toList();
      for (var answer : answers) {
        seen.add(Endpoint.parse(answer.group(1)).demandOwnedBy(subscriber).port());
      }
      assertThat(answers).hasSize(crowd);
      assertThat(neighbourhood.grown(subscriber, before))
          .doesNotContainKeys("outbound.drops.portsExhausted", "outbound.drops.sessionsExhausted");
      return seen;
    }
  }
}
