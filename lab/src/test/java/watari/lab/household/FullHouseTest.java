package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;
import watari.lab.proof.Disproved;
import watari.lab.proof.Endpoint;
import watari.lab.proof.Internet;
import watari.lab.proof.Udp;

/// A home of fifty hosts, of which one wants everything.
@NeedsNamespaces(programs = {"hping3", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FullHouseTest {
  private static final int NORMAL = Topology.HOSTS_MAX - 1;

  /// More than a thousand tries in all, so that one of them may fail.
  private static final int TURNS = 21;

  private static final int FAILURES_MAX = 1;

  /// Five thousand packets a second, each from a port of its own to a port of its own.
  private static final String[] FLOOD = {
    "hping3", "-q", "--udp", "-i", "u200", "-p", "++1", Topology.STRANGER_IPV4
  };

  private Neighbourhood neighbourhood;
  private Subscriber home;

  @BeforeAll
  void open() throws IOException {
    neighbourhood =
        Neighbourhood.open(new Topology(1, Layout.RFC7597).withHosts(Topology.HOSTS_MAX));
    home = neighbourhood.home(1);
  }

  @AfterAll
  void close() throws IOException {
    neighbourhood.close();
  }

  /// SHR-01, CGN-05
  @Test
  void fortyNineHostsHaveTheirFlowsBesideAGreedyOne() throws Exception {
    var before = neighbourhood.counters(home);
    var failures = new ArrayList<String>();
    try (var _ = neighbourhood.start(home.home(Topology.HOSTS_MAX), FLOOD)) {
      neighbourhood.awaitDrop(home, before, "outbound.drops.hostTooFast");
      for (int turn = 0; turn < TURNS; turn++) {
        failures.addAll(turn(turn));
      }
    }
    assertThat(failures).hasSizeLessThanOrEqualTo(FAILURES_MAX);
    assertThat(neighbourhood.grown(home, before))
        .containsKeys("outbound.drops.hostTooFast")
        .doesNotContainKeys("outbound.drops.portsExhausted", "outbound.drops.sessionsExhausted");
  }

  /// Every normal host begins a flow at the same time.
  ///
  /// @return what those say that got none
  private List<String> turn(int turn) throws IOException, InterruptedException {
    var tries = new ArrayList<Callable<Void>>();
    for (int host = 1; host <= NORMAL; host++) {
      int asking = host;
      tries.add(() -> ask(asking, turn));
    }
    var failures = new ArrayList<String>();
    try (var hosts = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var flow : hosts.invokeAll(tries)) {
        try {
          flow.get();
        } catch (ExecutionException failed) {
          failures.add("turn " + turn + ": " + failed.getCause());
        }
      }
    }
    return failures;
  }

  private Void ask(int host, int turn) throws IOException, Disproved {
    try (var flow =
        Udp.open(neighbourhood.line().place(home.home(host)), home.homeAddress(host), 0)) {
      var heard = flow.ask("host " + host + ", turn " + turn, Internet.echo(host + turn));
      Endpoint.parse(heard.text()).demandOwnedBy(home);
      return null;
    }
  }
}
