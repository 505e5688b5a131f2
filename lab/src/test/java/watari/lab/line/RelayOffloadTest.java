package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.TunnelSettings;
import watari.core.rule.Confidence;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.offload.Counts;
import watari.host.offload.RelayOffload;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Counters;
import watari.lab.proof.Stage;

/// The relay's usual packets, carried by the kernel of a line that works without it too.
@NeedsNamespaces(programs = {"curl", "ethtool", "iperf3", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RelayOffloadTest {
  private static final int CELLS_MAX = 1 << 17;
  private static final int TURNS = 5;

  private final Topology topology = new Topology(1, Layout.RFC7597);
  private final Subscriber one = topology.subscriber(1);
  private final Counts down = new Counts("watari_down");
  private final Counts up = new Counts("watari_up");
  private Line line;
  private Stage stage;

  @BeforeAll
  void start() throws IOException {
    line = Line.plan(topology);
    line.build();
    line.start();
    stage = Stage.open(line);
    // The other end of a pair takes frames from a program only so.
    at(Topology.ACCESS, "ethtool", "-K", "relay0", "gro", "on");
    at(Topology.INTERNET, "ethtool", "-K", "net0", "gro", "on");
    // A card would have finished the checksums that a pair leaves open, and a program cannot.
    at(Topology.INTERNET, "ethtool", "-K", "net0", "tx", "off");
  }

  @AfterAll
  void end() throws IOException {
    stage.close();
    line.close();
    down.close();
    up.close();
  }

  private String at(String node, String... program) throws IOException {
    return Finished.demand(line.place(node).command(List.of(program)), "");
  }

  private static RuleTable rules() {
    var rule =
        new MapRule(
            Ipv6Prefix.parse(Topology.RULE_IPV6),
            Ipv4Prefix.parse(Topology.RULE_IPV4),
            16,
            4,
            Psid.NONE,
            watari.core.rule.Layout.RFC7597);
    var relay = Ipv6Address.parse(Topology.RELAY_IPV6);
    return new RuleTable(
        List.of(new MapDomain("lab", relay, false, Confidence.GIVEN, List.of(rule))));
  }

  private RelayOffload attached() throws IOException {
    return line.place(Topology.RELAY)
        .inside(() -> {
          try (var netlink = Netlink.open()) {
            var tunnel = new TunnelSettings(Topology.LINE_MTU);
            var offload = RelayOffload.load(Hook.XDP, rules(), tunnel, down, up, CELLS_MAX);
            offload.attach(
                List.of(device(netlink, "net0")), List.of(device(netlink, Topology.RELAY_LINE)));
            assertThat(offload.follow(netlink)).isTrue();
            return offload;
          }
        });
  }

  private static Link device(Netlink netlink, String name) throws IOException {
    return netlink.link(new InterfaceName(name)).orElseThrow();
  }

  @Test
  void theKernelCarriesUsualPacketsAndJavaTheOthers() throws IOException {
    at(one.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    try (var _ = attached()) {
      var before = Counters.parse(line.relayCounters());
      iperf("-t1");
      iperf("-t1", "-R");
      iperf("-t1", "-u", "-b20M", "-l1200");
      assertThat(sent(up)).isGreaterThan(5_000);
      assertThat(sent(down)).isGreaterThan(5_000);
      at(one.home(), "ping", "-nc3", "-i0.1", Topology.INTERNET_IPV4);
      var grown = Counters.parse(line.relayCounters()).since(before);
      assertThat(grown.get("upstream.passed.sent")).isBetween(3L, 200L);
      assertThat(grown.get("downstream.passed.sent")).isBetween(3L, 200L);
    }
    iperf("-t1");
  }

  /// A router that only programs send by would not be asked any more whether it is there.
  @Test
  void theKernelMakesSureOfARouterThatOnlyTheOffloadSendsBy() throws IOException {
    var router = at(Topology.RELAY, "ip", "-6", "route", "show", "2001:db8::/32").split(" ", -1)[2];
    at(one.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    for (String state : List.of("stale", "permanent")) {
      at(Topology.RELAY, "ip", "neigh", "change", router, "dev", Topology.RELAY_LINE, "nud", state);
      try (var _ = attached()) {
        var now = at(Topology.RELAY, "ip", "-6", "neigh", "show", router);
        assertThat(now).doesNotContain("STALE");
        assertThat(now.contains("PERMANENT")).isEqualTo(state.equals("permanent"));
      }
    }
    at(Topology.RELAY, "ip", "neigh", "change", router, "dev", Topology.RELAY_LINE, "nud", "stale");
  }

  /// A stream and datagrams go on while Java and the kernel take turns. A pair that gets or loses a
  /// program throws away what it has in hand.
  @Test
  void flowsLiveThroughTheOffloadComingAndGoing() throws IOException {
    at(one.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    try (var streamServer = server("5201");
        var datagramServer = server("5202");
        var stream = client("-p5201", "-t15");
        var datagrams = client("-p5202", "-t15", "-u", "-b10M", "-l1000")) {
      for (int turn = 0; turn < TURNS; turn++) {
        long before = sent(up);
        try (var _ = attached()) {
          demandGrowth(() -> sent(up), before + 1_000);
        }
        demandGrowth(this::sentByJava, sentByJava() + 1_000);
      }
      assertThat(stream.ended(Workbench.PATIENCE)).isZero();
      assertThat(datagrams.ended(Workbench.PATIENCE)).isZero();
      assertThat(streamServer.ended(Workbench.PATIENCE)).isZero();
      assertThat(datagramServer.ended(Workbench.PATIENCE)).isZero();
      assertThat(lostPercent(datagrams.whole(Workbench.PATIENCE))).isLessThan(5);
    }
  }

  private static double lostPercent(List<String> said) {
    var receiver =
        said.stream().filter(line -> line.contains("receiver")).findFirst().orElseThrow();
    var percent = Pattern.compile("\\(([0-9.e+-]+)%\\)").matcher(receiver);
    assertThat(percent.find()).as(receiver).isTrue();
    return Double.parseDouble(percent.group(1));
  }

  private long sentByJava() throws IOException {
    var counted = Counters.parse(line.relayCounters()).values();
    return Objects.requireNonNull(counted.get("upstream.passed.sent"));
  }

  private interface Count {
    long now() throws IOException;
  }

  private static void demandGrowth(Count count, long wanted) throws IOException {
    long end = System.nanoTime() + Workbench.PATIENCE.toNanos();
    while (count.now() < wanted) {
      assertThat(System.nanoTime() - end).as("that packets are counted").isNegative();
    }
  }

  private Running server(String port) throws IOException {
    var server = List.of("iperf3", "-s", "-1", "-p", port, "--forceflush");
    var running = Running.start("iperf3", line.place(Topology.INTERNET).command(server));
    running.await("Server listening", Workbench.PATIENCE);
    return running;
  }

  private Running client(String... options) throws IOException {
    var command = new ArrayList<>(List.of("iperf3", "-c", Topology.INTERNET_IPV4));
    command.addAll(List.of(options));
    return Running.start("iperf3", line.place(one.home()).command(command));
  }

  private static long sent(Counts counts) {
    var tally = new Tally();
    counts.addTo(tally);
    return tally.packets(Pass.SENT);
  }

  private void iperf(String... options) throws IOException {
    try (var _ = server("5201")) {
      var command = new ArrayList<>(List.of("iperf3", "-c", Topology.INTERNET_IPV4));
      command.addAll(List.of(options));
      assertThat(at(one.home(), command.toArray(String[]::new))).contains("receiver");
    }
  }
}
