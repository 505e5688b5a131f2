package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;

/// Two relays behind one address, between which the routers on both sides choose by the addresses
/// of a packet. Neither knows of the other, nor of any subscriber.
///
/// ```
///            +-- relay --------- 203.0.113.0/24 --+
/// access ----+                                    +---- internet
///            +-- relay2 -------- 198.51.100.0/24 -+
/// ```
@NeedsNamespaces(programs = {"iperf3", "ping"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RelayPairTest {
  private static final String RELAY_2 = "relay2";
  private static final String RELAY_2_IPV4 = "198.51.100.1";
  private static final String INTERNET_2_IPV4 = "198.51.100.80";
  private static final String ACCESS_2 = "2001:db8:fff1:ffff::1";
  private static final String RELAY_2_LINE = "2001:db8:fff1:ffff::2";
  private static final String ANYCAST = "anycast: true\n";

  private Workbench bench;
  private Place second;
  private Path secondSocket;
  private String firstLine;
  private Running gateway;
  private final List<Running> relays = new ArrayList<>();

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    secondSocket = folder.resolve("relay2.sock");
    addSecond();
    relays.add(bench.relay(ANYCAST));
    relays.add(startSecond(folder));
    gateway = bench.gateway(bench.file());
    firstLine = routerOfFirst();
    shareBetween(List.of(firstLine, RELAY_2_LINE), List.of(Topology.RELAY_IPV4, RELAY_2_IPV4));
  }

  @AfterAll
  void remove() throws IOException {
    gateway.close();
    relays.forEach(Running::close);
    second.close();
    bench.close();
  }

  /// Its namespace has a name of this process, and goes with the others.
  private void addSecond() throws IOException {
    String name = Leftovers.prefix(ProcessHandle.current().pid()) + RELAY_2;
    ip("netns", "add", name);
    second = Place.enter(name);
    atSecond("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
    atSecond("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
    join(Topology.ACCESS, "second0", "line0", ACCESS_2 + "/64", RELAY_2_LINE + "/64");
    join(Topology.INTERNET, "second0", "net0", INTERNET_2_IPV4 + "/24", RELAY_2_IPV4 + "/24");
    atSecond("ip", "route", "add", "2001:db8::/32", "via", ACCESS_2);
    atSecond("ip", "route", "add", "203.0.113.0/24", "via", INTERNET_2_IPV4);
  }

  private void join(String node, String there, String here, String far, String near)
      throws IOException {
    String other = bench.place(node).namespace();
    ip(
        "link",
        "add",
        there,
        "netns",
        other,
        "type",
        "veth",
        "peer",
        "name",
        here,
        "netns",
        second.namespace());
    bench.at(node, "ip", "address", "add", far, "dev", there);
    bench.at(node, "ip", "link", "set", there, "up");
    atSecond("ip", "address", "add", near, "dev", here);
    atSecond("ip", "link", "set", here, "up");
  }

  private static void ip(String... words) throws IOException {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    Finished.demand(command, "");
  }

  private void atSecond(String... program) throws IOException {
    Finished.demand(second.command(List.of(program)), "");
  }

  private Running startSecond(Path folder) throws IOException {
    String text =
        bench
            .settings()
            .relay()
            .replace(Topology.RELAY_IPV4, RELAY_2_IPV4)
            .replace(bench.settings().relaySocket().toString(), secondSocket.toString());
    Path file = Files.writeString(folder.resolve("relay2.yaml"), text + ANYCAST);
    var program = Jvm.here().product(List.of("relay", "-c", file.toString()));
    var running = Running.start(RELAY_2, second.command(program));
    running.await("watari ", Workbench.PATIENCE);
    return running;
  }

  /// The address by which the access network reaches the first relay.
  private String routerOfFirst() throws IOException {
    var route = bench.at(Topology.ACCESS, "ip", "-6", "route", "show", Topology.RELAY_IPV6);
    return route.split(" ", -1)[2];
  }

  private void shareBetween(List<String> lines, List<String> internets) throws IOException {
    route(Topology.ACCESS, Topology.RELAY_IPV6 + "/128", lines);
    route(Topology.INTERNET, Topology.RULE_IPV4, internets);
  }

  private void route(String node, String target, List<String> routers) throws IOException {
    bench.tried(node, "ip", "route", "del", target);
    var command = new ArrayList<>(List.of("ip", "route", "add", target));
    routers.forEach(router -> command.addAll(List.of("nexthop", "via", router)));
    bench.at(node, command.toArray(String[]::new));
  }

  private long carried(int relay) throws IOException {
    var socket = relay == 0 ? bench.settings().relaySocket() : secondSocket;
    var counters = JsonMapper.shared().readTree(bench.ask("counters", socket));
    return counters.at("/upstream/passed/sent").asLong()
        + counters.at("/downstream/passed/sent").asLong();
  }

  private void awaitMore(int relay, int packets) throws IOException {
    long wanted = carried(relay) + packets;
    long end = System.nanoTime() + Workbench.PATIENCE.toNanos();
    while (carried(relay) < wanted) {
      assertThat(System.nanoTime() - end).as("that it carries the flows").isNegative();
    }
  }

  private Iperf iperf(String target) {
    return new Iperf(bench.place(bench.one().home()), bench.place(Topology.INTERNET), target);
  }

  /// FRG-21: routers choose by addresses alone, so all pieces of a packet meet one relay.
  @Test
  void flowsGoOnThroughTheOtherWhenOneIsKilled() throws IOException {
    bench.at(
        bench.one().home(), "ping", "-nc3", "-i0.2", "-W5", "-s", "3000", Topology.INTERNET_IPV4);
    try (var up = iperf(Topology.INTERNET_IPV4).begin("5201");
        var down = iperf(Topology.STRANGER_IPV4).begin("5202", "-R");
        var datagrams = iperf(Topology.INTERNET_IPV4).begin("5203", "-u", "-b2M")) {
      var flows = List.of(up, down, datagrams);
      for (var flow : flows) {
        flow.awaitBegun();
      }
      int killed = carried(0) > carried(1) ? 0 : 1;
      int other = 1 - killed;
      assertThat(carried(killed)).isGreaterThan(1_000);
      relays.get(killed).kill();
      shareBetween(
          List.of(other == 0 ? firstLine : RELAY_2_LINE),
          List.of(other == 0 ? Topology.RELAY_IPV4 : RELAY_2_IPV4));
      awaitMore(other, 10_000);
      for (var flow : flows) {
        flow.end();
      }
    }
    bench.demandCrossing();
  }
}
