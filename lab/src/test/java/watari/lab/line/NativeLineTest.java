package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;

/// A line that has an IPv4 address of its own, loses it and gets it back.
///
/// ```
/// home1 --- gateway1 --- access ----------- relay --- internet
///                .2  198.51.100.0/25  .1 .129 /30 .130
/// ```
@NeedsNamespaces(programs = {"ping", "socat", "sysctl", "traceroute"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NativeLineTest {
  private static final String HOME = "home1";
  private static final String GATEWAY = "gateway1";
  private static final String OWN = "198.51.100.2";
  private static final String ROUTER = "198.51.100.1";
  private static final String SHARED = "192.0.2.18";
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final String FORWARDS =
      """
      forwards:
        - {name: web, protocol: tcp, port: 443, to: 192.168.1.2, toPort: 8443}
        - {name: game, protocol: tcp, port: 45000, to: 192.168.1.2}
      """;

  private Workbench bench;
  private Running relay;
  private Running echo;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    relay = bench.relay();
    giveRouters();
    echo = whoAsks(Topology.INTERNET, 8080);
  }

  private void giveRouters() throws IOException {
    bench.at(Topology.ACCESS, "ip", "link", "set", "lo", "up");
    ip(Topology.ACCESS, "address add " + ROUTER + "/25 dev home1");
    ip(Topology.ACCESS, "address add 198.51.100.129/30 dev relay0");
    ip(Topology.ACCESS, "route add 203.0.113.0/24 via 198.51.100.130");
    ip(Topology.RELAY, "address add 198.51.100.130/30 dev line0");
    ip(Topology.RELAY, "route add 198.51.100.0/25 via 198.51.100.129");
    ip(Topology.INTERNET, "route add 198.51.100.0/24 via " + Topology.RELAY_IPV4);
  }

  @AfterAll
  void remove() throws IOException {
    echo.close();
    relay.close();
    bench.close();
  }

  private String ip(String node, String words) throws IOException {
    return bench.at(node, ("ip " + words).split(" ", -1));
  }

  private void giveAddress() throws IOException {
    ip(GATEWAY, "address replace " + OWN + "/25 dev wan0");
    ip(GATEWAY, "route replace default via " + ROUTER);
  }

  private void takeAddress() throws IOException {
    ip(GATEWAY, "address flush dev wan0 scope global");
    ip(GATEWAY, "-6 address replace " + bench.one().gatewaySide() + "/64 dev wan0");
    ip(GATEWAY, "-6 route replace default via " + bench.one().accessSide());
  }

  /// A server that says to each who asks which address it sees.
  private Running whoAsks(String node, int port) throws IOException {
    return Running.start(
        node + ":" + port,
        bench
            .place(node)
            .command(
                List.of(
                    "socat",
                    "TCP4-LISTEN:" + port + ",fork,reuseaddr",
                    "SYSTEM:echo $SOCAT_PEERADDR")));
  }

  /// What a server says to one who asks.
  private String ask(String node, String address, int port) throws IOException {
    String server = "TCP4:" + address + ":" + port + ",connect-timeout=5,retry=20,interval=0.2";
    return bench.at(node, "socat", "-u", server, "-").strip();
  }

  private String ask(String node) throws IOException {
    return ask(node, Topology.INTERNET_IPV4, 8080);
  }

  private Path file(String mode) throws IOException {
    return bench.file(
        "mtu: 1500", "mtu: 1500, interface: wan0", "tun:", "mode: " + mode + "\ntun:");
  }

  private String rules() throws IOException {
    var table = bench.tried(GATEWAY, "ip", "route", "show", "table", "7597");
    return ip(GATEWAY, "rule")
        + bench.kernel(GATEWAY)
        + table.lines().filter(line -> line.contains(" dev ")).toList();
  }

  /// MAPE-04
  @Test
  void theHomeAndTheMachineShareTheAddressOfTheLine() throws IOException {
    giveAddress();
    var before = rules();
    var file =
        bench.file(
            "mtu: 1500", "mtu: 1500, interface: wan0", "tun:", "mode: auto\n" + FORWARDS + "tun:");
    try (var gateway = bench.gateway(file);
        var web = whoAsks(HOME, 8443);
        var game = whoAsks(HOME, 45_000);
        var own = whoAsks(GATEWAY, 2222)) {
      assertThat(gateway.output()).anyMatch(line -> line.contains("wan0 has " + OWN));
      assertThat(ask(HOME)).isEqualTo(OWN);
      assertThat(ask(GATEWAY)).isEqualTo(OWN);
      assertThat(ask(Topology.INTERNET, OWN, 443)).isEqualTo(Topology.INTERNET_IPV4);
      assertThat(ask(Topology.INTERNET, OWN, 45_000)).isEqualTo(Topology.INTERNET_IPV4);
      assertThat(ask(Topology.INTERNET, OWN, 2222)).isEqualTo(Topology.INTERNET_IPV4);
      assertThat(ask(HOME, OWN, 443)).isEqualTo(OWN);
      assertThat(ask(HOME, OWN, 2222)).isEqualTo(bench.one().homeAddress());
      demandPings();
      assertThat(web.output()).isEmpty();
      assertThat(game.output()).isEmpty();
      assertThat(own.output()).isEmpty();
      gateway.ask();
      assertThat(gateway.ended(FAREWELL)).isZero();
    }
    assertThat(rules()).isEqualTo(before);
    takeAddress();
  }

  private void demandPings() throws IOException {
    for (String node : List.of(HOME, GATEWAY)) {
      bench.at(node, "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
      bench.at(node, "ping", "-nc1", "-W5", "-s4000", Topology.INTERNET_IPV4);
    }
    bench.at(Topology.ACCESS, "ip", "neigh", "flush", "dev", "home1");
    bench.at(Topology.INTERNET, "ping", "-nc1", "-W5", OWN);
    bench.at(Topology.INTERNET, "ping", "-nc1", "-W5", "-s4000", OWN);
    bench.at(HOME, "ping", "-nc1", "-W5", OWN);
    // both routers before and behind our device are one
    assertThat(bench.at(HOME, "traceroute", "-nI", "-q1", "-w5", Topology.INTERNET_IPV4).lines())
        .hasSize(5)
        .element(2)
        .asString()
        .contains(ROUTER);
  }

  @Test
  void whenTheAddressGoesTheHomeCrossesByMapEAndBackWhenItComes() throws IOException {
    giveAddress();
    var socket = bench.settings().gatewaySocket(bench.one());
    try (var gateway = bench.gateway(file("auto"))) {
      assertThat(ask(HOME)).isEqualTo(OWN);
      takeAddress();
      gateway.await("watari: Your IPv4 address is " + SHARED + " now", Workbench.PATIENCE);
      assertThat(ask(HOME)).isEqualTo(SHARED);
      assertThat(ip(GATEWAY, "rule")).doesNotContain(OWN);
      giveAddress();
      gateway.await("watari: Your IPv4 address is " + OWN + " now", Workbench.PATIENCE);
      assertThat(ask(HOME)).isEqualTo(OWN);
      assertThat(ask(GATEWAY)).isEqualTo(OWN);
      var status = JsonMapper.shared().readTree(bench.ask("status", socket));
      assertThat(status.path("line").asString()).isEqualTo("native");
      assertThat(status.path("ipv4").asString()).isEqualTo(OWN);
    } finally {
      takeAddress();
    }
  }

  @Test
  void aKilledGatewayLeavesTheMachineItsAddressAndIsMendedAtTheNextStart() throws IOException {
    giveAddress();
    var before = rules();
    try (var killed = bench.gateway(file("native"))) {
      assertThat(ask(HOME)).isEqualTo(OWN);
      killed.kill();
      assertThat(ip(GATEWAY, "rule")).contains("lookup 7597");
      assertThat(ask(GATEWAY)).isEqualTo(OWN);
      bench.at(Topology.INTERNET, "ping", "-nc1", "-W5", OWN);
    }
    try (var again = bench.gateway(file("native"))) {
      assertThat(ask(HOME)).isEqualTo(OWN);
      again.ask();
      assertThat(again.ended(FAREWELL)).isZero();
    }
    assertThat(rules()).isEqualTo(before);
    takeAddress();
  }

  @Test
  void withoutAnAddressANativeGatewaySaysWhatItWaitsForAndBeginsWhenItComes() throws IOException {
    takeAddress();
    ip(GATEWAY, "address add 100.64.0.2/24 dev wan0");
    try (var gateway = bench.gateway(file("native"))) {
      assertThat(gateway.output())
          .singleElement()
          .asString()
          .endsWith(
              "IPv4 waits until wan0 has an address that the Internet can reach; 'ip address show"
                  + " wan0' lists what it has");
      giveAddress();
      gateway.await("watari: Your IPv4 address is " + OWN + " now", Workbench.PATIENCE);
      assertThat(ask(HOME)).isEqualTo(OWN);
    } finally {
      takeAddress();
    }
  }

  /// The larger of `all` and the device counts, and none of what we send back would pass.
  @Test
  void theReversePathFilterOfAllIsHeldByEveryOtherDevice() throws IOException {
    giveAddress();
    bench.at(GATEWAY, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1");
    try (var gateway = bench.gateway(file("auto"))) {
      assertThat(ask(HOME)).isEqualTo(OWN);
      assertThat(ask(GATEWAY)).isEqualTo(OWN);
      assertThat(value("wan0")).isEqualTo("1");
      assertThat(value("lan0")).isEqualTo("1");
      gateway.ask();
      assertThat(gateway.ended(FAREWELL)).isZero();
      assertThat(value("all")).isEqualTo("1");
      assertThat(value("wan0")).isEqualTo("0");
    } finally {
      bench.at(GATEWAY, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
      takeAddress();
    }
  }

  private String value(String device) throws IOException {
    return bench.at(GATEWAY, "sysctl", "-n", "net.ipv4.conf." + device + ".rp_filter").strip();
  }
}
