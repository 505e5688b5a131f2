package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
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
import watari.lab.proof.Counters;
import watari.lab.proof.Stage;

/// A line with one home whose relay the kernel can help.
final class OffloadedLine implements AutoCloseable {
  private static final int CELLS_MAX = 1 << 17;

  private final Topology topology = new Topology(1, Layout.RFC7597);
  private final Counts down = new Counts("watari_down");
  private final Counts up = new Counts("watari_up");
  private final Line line = Line.plan(topology);
  private final Stage stage;

  OffloadedLine() throws IOException {
    line.build();
    line.start();
    stage = Stage.open(line);
  }

  Line line() {
    return line;
  }

  String home() {
    return topology.subscriber(1).home();
  }

  /// Runs a program, which must succeed.
  String at(String node, String... program) throws IOException {
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

  RelayOffload attached(Hook hook) throws IOException {
    return line.place(Topology.RELAY)
        .inside(() -> {
          try (var netlink = Netlink.open()) {
            var tunnel = new TunnelSettings(Topology.LINE_MTU);
            var offload = RelayOffload.load(hook, rules(), tunnel, down, up, CELLS_MAX);
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

  /// Packets from the home that the kernel has sent on.
  long sentUp() {
    return sent(up);
  }

  /// Packets to the home that the kernel has sent into the tunnel.
  long sentDown() {
    return sent(down);
  }

  private static long sent(Counts counts) {
    var tally = new Tally();
    counts.addTo(tally);
    return tally.packets(Pass.SENT);
  }

  /// What Java has counted.
  Counters byJava() throws IOException {
    return Counters.parse(line.relayCounters());
  }

  Iperf iperf() {
    return Iperf.toInternet(line.place(home()), line.place(Topology.INTERNET));
  }

  @Override
  public void close() throws IOException {
    stage.close();
    line.close();
    down.close();
    up.close();
  }
}
