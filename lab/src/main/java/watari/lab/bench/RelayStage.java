package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import watari.core.path.TunnelSettings;
import watari.core.rule.RuleTable;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.offload.Counts;
import watari.host.offload.RelayOffload;
import watari.lab.line.Finished;
import watari.lab.line.Layout;
import watari.lab.line.Line;
import watari.lab.line.Topology;

/// The lab's access network, relay and Internet host, joined by two pairs of cables: over one the
/// relay's programs carry packets, over the other the kernel forwards them by a route.
///
/// ```
/// access relay0 ==== line0 | relay, programs    | net0 ---- net0 internet
///        relay1 ---- line1 | relay, two routes  | net1 ---- net1
/// ```
final class RelayStage implements Closeable {
  /// The ends in the Internet of what the relay carries.
  static final int REMOTE = 0x83010000;

  private static final int REMOTE_OF_KERNEL = 0x84010000;
  private static final int ADDRESSES_OF_KERNEL = 0x40000000;

  private static final int CELLS_MAX = 1 << 17;

  private final Line line;

  private RelayStage(Line line) {
    this.line = line;
  }

  static RelayStage open() throws IOException {
    var stage = new RelayStage(Line.plan(new Topology(1, Layout.RFC7597)));
    Farewell.promise(stage);
    try {
      stage.build();
      return stage;
    } catch (IOException failed) {
      stage.close();
      throw failed;
    }
  }

  private void build() throws IOException {
    line.build();
    SecondCables.lay(line);
    for (boolean isUp : new boolean[] {false, true}) {
      Lane.own(line, isUp).takeFrames();
      Lane.second(line, isUp).takeFrames();
    }
    routes();
  }

  /// Everybody's neighbour is known from the start: who only drops answers nobody.
  private void routes() throws IOException {
    at(
        Topology.RELAY,
        """
        neighbour replace 2001:db8:fff0:ffff::1 lladdr %s dev line0 nud permanent
        neighbour replace %s lladdr %s dev net0 nud permanent
        neighbour replace 198.18.1.1 lladdr %s dev line1 nud permanent
        neighbour replace 198.18.2.1 lladdr %s dev net1 nud permanent
        route replace 2400::/8 via 2001:db8:fff0:ffff::1 dev line0
        route replace 131.0.0.0/8 via %2$s dev net0
        route replace 64.0.0.0/4 via 198.18.1.1 dev line1 onlink
        route replace 132.0.0.0/8 via 198.18.2.1 dev net1 onlink
        """
            .formatted(
                ethernet(Topology.ACCESS, "relay0"),
                Topology.INTERNET_IPV4,
                ethernet(Topology.INTERNET, "net0"),
                ethernet(Topology.ACCESS, "relay1"),
                ethernet(Topology.INTERNET, "net1")));
  }

  private String ethernet(String node, String name) throws IOException {
    return Yardstick.text(Attachment.of(line.place(node), name).ethernet());
  }

  private void at(String node, String batch) throws IOException {
    var namespace = line.place(node).namespace();
    Finished.demand(List.of("ip", "-netns", namespace, "-batch", "-"), batch);
  }

  Line line() {
    return line;
  }

  /// What the relay carries.
  static RuleTraffic own(int rules, int size, boolean isUp) {
    return new RuleTraffic(rules, size, isUp, isUp, ManyRules.ADDRESSES, REMOTE, 0);
  }

  /// The same packets, but out of any tunnel and with addresses that the kernel forwards.
  static RuleTraffic second(int rules, int size, boolean isUp) {
    return new RuleTraffic(rules, size, isUp, false, ADDRESSES_OF_KERNEL, REMOTE_OF_KERNEL, 0);
  }

  /// Puts the programs in place at the first pair of cables.
  RelayOffload attach(RuleTable rules, Counts down, Counts up) throws IOException {
    return line.place(Topology.RELAY).inside(() -> attached(rules, down, up));
  }

  private static RelayOffload attached(RuleTable rules, Counts down, Counts up) throws IOException {
    var tunnel = new TunnelSettings(Topology.LINE_MTU);
    var offload = RelayOffload.load(Hook.XDP, rules, tunnel, down, up, CELLS_MAX);
    try (var netlink = Netlink.open()) {
      offload.attach(
          List.of(device(netlink, "net0")), List.of(device(netlink, Topology.RELAY_LINE)));
      offload.follow(netlink);
      return offload;
    } catch (KernelException failed) {
      offload.close();
      throw failed;
    }
  }

  private static Link device(Netlink netlink, String name) throws IOException {
    return netlink.link(new InterfaceName(name)).orElseThrow();
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
