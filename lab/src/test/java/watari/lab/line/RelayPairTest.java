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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.Until;

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
    relays.add(startSecond());
    gateway = bench.gateway(bench.file());
    firstLine = routerOfFirst();
    shareBetween();
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

  private Running startSecond() throws IOException {
    String text =
        bench
            .settings()
            .relay()
            .replace(Topology.RELAY_IPV4, RELAY_2_IPV4)
            .replace(bench.settings().relaySocket().toString(), secondSocket.toString());
    Path file = Files.writeString(bench.settings().folder().resolve("relay2.yaml"), text + ANYCAST);
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

  private void shareBetween() throws IOException {
    shareBetween(List.of(firstLine, RELAY_2_LINE), List.of(Topology.RELAY_IPV4, RELAY_2_IPV4));
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
    return bench.counted(socket, "/upstream/passed/sent")
        + bench.counted(socket, "/downstream/passed/sent");
  }

  private void awaitMore(int relay, int packets) throws IOException {
    long wanted = carried(relay) + packets;
    Until.seen("that it carries the flows", () -> carried(relay) >= wanted);
  }

  private Iperf iperf(String target) {
    return new Iperf(bench.place(bench.one().home()), bench.place(Topology.INTERNET), target);
  }

  /// FRG-21: routers choose by what all pieces of a packet have in common, addresses and flow label
  /// of the outer header; so they meet, of whatever ports they are.
  @ParameterizedTest
  @ValueSource(strings = {"", "-R"})
  void thePiecesOfLargeDatagramsOfManyPortsMeet(String direction) throws IOException {
    long held = held();
    var options = new ArrayList<>(List.of("-J", "-t1", "-u", "-P16", "-b500K", "-l3000"));
    options.addAll(direction.isEmpty() ? List.of() : List.of(direction));
    var said = iperf(Topology.INTERNET_IPV4).run(options.toArray(String[]::new));
    // a warning about their size stands before
    var sum = JsonMapper.shared().readTree(said.substring(said.indexOf('{'))).at("/end/sum");
    assertThat(sum.path("packets").asInt()).isGreaterThan(200);
    assertThat(sum.path("lost_packets").asInt(-1)).isZero();
    assertThat(held() - held).as("pieces that waited for others").isGreaterThan(200);
  }

  /// At both relays.
  private long held() throws IOException {
    long held = 0;
    for (var socket : List.of(bench.settings().relaySocket(), secondSocket)) {
      held += bench.counted(socket, "/upstream/passed/held");
      held += bench.counted(socket, "/downstream/passed/held");
    }
    return held;
  }

  @Test
  void flowsGoOnThroughTheOtherWhenOneIsKilled() throws IOException {
    int killed;
    try (var up = iperf(Topology.INTERNET_IPV4).begin("5201");
        var down = iperf(Topology.STRANGER_IPV4).begin("5202", "-R");
        var datagrams = iperf(Topology.INTERNET_IPV4).begin("5203", "-u", "-b2M")) {
      var flows = List.of(up, down, datagrams);
      for (var flow : flows) {
        flow.awaitBegun();
      }
      killed = carried(0) > carried(1) ? 0 : 1;
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
    relays.set(killed, killed == 0 ? bench.relay(ANYCAST) : startSecond());
    shareBetween();
  }
}
