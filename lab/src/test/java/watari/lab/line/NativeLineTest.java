package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.lab.line.NativeLine.FAREWELL;
import static watari.lab.line.NativeLine.GATEWAY;
import static watari.lab.line.NativeLine.HOME;
import static watari.lab.line.NativeLine.OWN;
import static watari.lab.line.NativeLine.ROUTER;
import static watari.lab.line.NativeLine.SHARED;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import watari.lab.NeedsNamespaces;

/// A line that has an IPv4 address of its own, loses it and gets it back; see [NativeLine].
@NeedsNamespaces(programs = {"natpmpc", "ping", "socat", "sysctl", "traceroute", "upnpc"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NativeLineTest {
  private static final String FORWARDS =
      """
      forwards:
        - {name: web, protocol: tcp, port: 443, to: 192.168.1.2, toPort: 8443}
        - {name: game, protocol: tcp, port: 45000, to: 192.168.1.2}
      """;

  /// A port that both addresses give to whoever asks for it.
  private static final int MAPPED = 4930;

  private static final String MAP = "natpmpc -g 192.168.1.1 -a " + MAPPED + " 8080 tcp 3600";

  private NativeLine line;
  private Workbench bench;
  private Running echo;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    line = new NativeLine(folder);
    bench = line.bench();
    echo = line.whoAsks(Topology.INTERNET, 8080);
  }

  @AfterAll
  void remove() throws IOException {
    echo.close();
    line.close();
  }

  private String ask(String node) throws IOException {
    return line.ask(node, Topology.INTERNET_IPV4, 8080);
  }

  private String rules() throws IOException {
    var table = bench.tried(GATEWAY, "ip", "route", "show", "table", "7597");
    return line.ip(GATEWAY, "rule")
        + bench.kernel(GATEWAY)
        + table.lines().filter(line -> line.contains(" dev ")).toList();
  }

  /// Those that outlive a killed gateway, as nothing takes them away.
  private String settings() throws IOException {
    return bench.at(
        GATEWAY,
        "sysctl",
        "net.ipv4.ip_early_demux",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.conf.all.rp_filter");
  }

  /// MAPE-04
  @Test
  void theHomeAndTheMachineShareTheAddressOfTheLine() throws IOException {
    line.giveAddress();
    var before = rules();
    var settings = settings();
    try (var gateway = bench.gateway(line.file("auto", FORWARDS));
        var web = line.whoAsks(HOME, 8443);
        var game = line.whoAsks(HOME, 45_000);
        var own = line.whoAsks(GATEWAY, 2222)) {
      assertThat(gateway.output()).anyMatch(line -> line.contains("wan0 has " + OWN));
      assertThat(ask(HOME)).isEqualTo(OWN);
      assertThat(ask(GATEWAY)).isEqualTo(OWN);
      assertThat(line.ask(Topology.INTERNET, OWN, 443)).isEqualTo(Topology.INTERNET_IPV4);
      assertThat(line.ask(Topology.INTERNET, OWN, 45_000)).isEqualTo(Topology.INTERNET_IPV4);
      assertThat(line.ask(Topology.INTERNET, OWN, 2222)).isEqualTo(Topology.INTERNET_IPV4);
      assertThat(line.ask(HOME, OWN, 443)).isEqualTo(OWN);
      assertThat(line.ask(HOME, OWN, 2222)).isEqualTo(bench.one().homeAddress());
      demandPings();
      assertThat(settings()).contains("ip_early_demux = 0", "reserved_ports = 45000\n");
      assertThat(web.output()).isEmpty();
      assertThat(game.output()).isEmpty();
      assertThat(own.output()).isEmpty();
      gateway.ask();
      assertThat(gateway.ended(FAREWELL)).isZero();
    }
    assertThat(rules()).isEqualTo(before);
    assertThat(settings()).isEqualTo(settings);
    line.takeAddress();
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

  /// MAPE-04, MAPE-58
  @Test
  void whenTheAddressGoesTheHomeCrossesByMapEAndBackWhenItComes() throws IOException {
    line.giveAddress();
    try (var gateway = bench.gateway(line.file("auto", FORWARDS));
        var web = line.whoAsks(HOME, 8443);
        var asked = line.whoAsks(HOME, 8080)) {
      assertThat(ask(HOME)).isEqualTo(OWN);
      bench.at(HOME, MAP.split(" ", -1));
      assertThat(line.ask(Topology.INTERNET, OWN, MAPPED)).isEqualTo(Topology.INTERNET_IPV4);
      line.takeAddress();
      gateway.await("watari: Your IPv4 address is " + SHARED + " now", Workbench.PATIENCE);
      assertThat(line.ask(Topology.INTERNET, SHARED, MAPPED)).isEqualTo(Topology.INTERNET_IPV4);
      gateway.await("watari: The forward 'web' (TCP) is lost", Workbench.PATIENCE);
      gateway.await("watari: The forward 'game' (TCP) is lost", Workbench.PATIENCE);
      assertThat(ask(HOME)).isEqualTo(SHARED);
      assertThat(line.ip(GATEWAY, "rule")).doesNotContain(OWN);
      assertThat(line.status().path("lostForwards").toString()).isEqualTo("[\"web\",\"game\"]");
      line.giveAddress();
      gateway.await("watari: Your IPv4 address is " + OWN + " now", Workbench.PATIENCE);
      gateway.await(
          "watari: The forward 'web' (TCP) works again, at " + OWN + ":443", Workbench.PATIENCE);
      assertThat(ask(HOME)).isEqualTo(OWN);
      assertThat(ask(GATEWAY)).isEqualTo(OWN);
      assertThat(line.ask(Topology.INTERNET, OWN, 443)).isEqualTo(Topology.INTERNET_IPV4);
      var status = line.status();
      assertThat(status.path("line").asString()).isEqualTo("native");
      assertThat(status.path("ipv4").asString()).isEqualTo(OWN);
      assertThat(status.path("lostForwards").isEmpty()).isTrue();
      assertThat(line.changes())
          .containsExactly("map-e 192.0.2.18/32 240", "native 198.51.100.2/32 37304");
      assertThat(line.ask(Topology.INTERNET, OWN, MAPPED)).isEqualTo(Topology.INTERNET_IPV4);
      assertThat(web.output()).isEmpty();
      assertThat(asked.output()).isEmpty();
    } finally {
      line.takeAddress();
    }
  }

  /// Somebody else has a default route of the metric that ours would have.
  @Test
  void aLineThatCannotBeFollowedIsSaidAndTriedAgain() throws IOException {
    line.giveAddress();
    var strange = "route add blackhole default metric 4096";
    try (var gateway = bench.gateway(line.file("auto", ""))) {
      line.ip(GATEWAY, strange);
      line.takeAddress();
      gateway.await("watari: The line has changed, and Watari cannot follow", Workbench.PATIENCE);
      line.ip(GATEWAY, strange.replace("add", "del"));
      gateway.await("watari: Your IPv4 address is " + SHARED + " now", Workbench.PATIENCE);
      assertThat(ask(HOME)).isEqualTo(SHARED);
      assertThat(gateway.output()).filteredOn(told -> told.contains("cannot follow")).hasSize(1);
    } finally {
      bench.tried(GATEWAY, ("ip " + strange.replace("add", "del")).split(" ", -1));
      line.takeAddress();
    }
  }

  @Test
  void aKilledGatewayLeavesTheMachineItsAddressAndIsMendedAtTheNextStart() throws IOException {
    line.giveAddress();
    var before = rules();
    try (var killed = bench.gateway(line.file("native", ""))) {
      assertThat(ask(HOME)).isEqualTo(OWN);
      killed.kill();
      assertThat(line.ip(GATEWAY, "rule")).contains("lookup 7597");
      assertThat(ask(GATEWAY)).isEqualTo(OWN);
      bench.at(Topology.INTERNET, "ping", "-nc1", "-W5", OWN);
    }
    try (var again = bench.gateway(line.file("native", ""))) {
      assertThat(ask(HOME)).isEqualTo(OWN);
      again.ask();
      assertThat(again.ended(FAREWELL)).isZero();
    }
    assertThat(rules()).isEqualTo(before);
    line.takeAddress();
  }

  /// IGD-01
  @Test
  void withoutAnAddressANativeGatewaySaysWhatItWaitsForAndBeginsWhenItComes() throws IOException {
    line.takeAddress();
    line.ip(GATEWAY, "address add 100.64.0.2/24 dev wan0");
    try (var gateway = bench.gateway(line.file("native", ""))) {
      assertThat(gateway.output())
          .singleElement()
          .asString()
          .endsWith(
              "IPv4 waits until wan0 has an address that the Internet can reach; 'ip address show"
                  + " wan0' lists what it has");
      assertThat(bench.tried(HOME, MAP.split(" ", -1))).contains("FAILED");
      assertThat(bench.tried(HOME, "upnpc", "-i", "-s")).contains("Status : Disconnected");
      line.giveAddress();
      gateway.await("watari: Your IPv4 address is " + OWN + " now", Workbench.PATIENCE);
      assertThat(ask(HOME)).isEqualTo(OWN);
    } finally {
      line.takeAddress();
    }
  }

  /// The larger of `all` and the device counts, and none of what we send back would pass.
  @Test
  void theReversePathFilterOfAllIsHeldByEveryOtherDevice() throws IOException {
    line.giveAddress();
    bench.at(GATEWAY, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1");
    try (var gateway = bench.gateway(line.file("auto", ""))) {
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
      line.takeAddress();
    }
  }

  private String value(String device) throws IOException {
    return bench.at(GATEWAY, "sysctl", "-n", "net.ipv4.conf." + device + ".rp_filter").strip();
  }
}
