package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;

/// How the real processes come and go: what they put into the kernel, what they take away again,
/// and what they say when they cannot start.
@NeedsNamespaces(programs = {"ping", "setpriv", "unshare"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LifecycleTest {

  /// What a process that is asked to end has at most.
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private static final String GATEWAY = "gateway1";
  private static final String MAP_ADDRESS = "2001:db8:12:3400:0:c000:212:34";
  private static final String[] WITH_LINK = {"mtu: 1500", "mtu: 1500, interface: wan0"};

  private Workbench bench;
  private Running relay;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    relay = bench.relay();
  }

  @AfterAll
  void remove() throws IOException {
    relay.close();
    bench.close();
  }

  @Test
  void aGatewayTakesAwayWhatItPutInPlaceAndCanStartAgain() throws IOException {
    var before = bench.kernel(GATEWAY);
    for (int turn = 0; turn < 2; turn++) {
      try (var gateway = bench.gateway(bench.file(WITH_LINK))) {
        assertThat(bench.kernel(GATEWAY))
            .contains(
                "default dev watari0", MAP_ADDRESS + " dev watari0", MAP_ADDRESS + " dev wan0");
        bench.demandCrossing();
        demandGoodbye(gateway);
      }
      assertThat(bench.kernel(GATEWAY)).isEqualTo(before);
    }
    assertThat(bench.settings().gatewaySocket(bench.one())).doesNotExist();
  }

  private static void demandGoodbye(Running running) throws IOException {
    running.ask();
    assertThat(running.ended(FAREWELL)).isZero();
    assertThat(running.whole(FAREWELL)).hasSize(1);
  }

  @Test
  void aKilledGatewayStartsAgainAndThenLeavesNothing() throws IOException {
    var before = bench.kernel(GATEWAY);
    var file = bench.file(WITH_LINK);
    try (var killed = bench.gateway(file)) {
      killed.kill();
    }
    assertThat(bench.settings().gatewaySocket(bench.one())).exists();
    try (var again = bench.gateway(file)) {
      bench.demandCrossing();
      demandGoodbye(again);
    }
    assertThat(bench.kernel(GATEWAY)).isEqualTo(before);
  }

  @Test
  void aRelayTakesAwayWhatItPutInPlaceAlsoAfterItWasKilled() throws IOException {
    var with = bench.kernel(Topology.RELAY);
    relay.kill();
    var without = bench.kernel(Topology.RELAY);
    assertThat(with)
        .contains("192.0.2.0/24 dev watari-relay0", "2001:db8:ffff::1 dev watari-relay0");
    assertThat(without).doesNotContain("watari-relay0");
    relay = bench.relay();
    demandGoodbye(relay);
    assertThat(bench.kernel(Topology.RELAY)).isEqualTo(without);
    relay = bench.relay();
  }

  @Test
  void aNameThatIsTakenIsSaidInOneSentence() throws IOException {
    try (var _ = bench.gateway(bench.file())) {
      var before = bench.kernel(GATEWAY);
      var second = bench.refusal(bench.file("gateway1.sock", "second.sock"));
      assertThat(second.output())
          .startsWith("watari: making the TUN device watari0 failed: ")
          .contains("the name is taken: ip -d link show watari0")
          .hasLineCount(1);
      assertThat(second.exit()).isEqualTo(1);
      assertThat(bench.kernel(GATEWAY)).isEqualTo(before);
      bench.demandCrossing();
    }
  }

  @Test
  void aSocketThatIsTakenIsSaidBeforeTheKernelIsTouched() throws IOException {
    try (var _ = bench.gateway(bench.file())) {
      var before = bench.kernel(GATEWAY);
      var second = bench.refusal(bench.file("watari0", "watari1\nmetric: 7"));
      assertThat(second.output())
          .startsWith("watari: another watari answers at ")
          .contains("gateway1.sock", "name another 'socket:'")
          .hasLineCount(1);
      assertThat(second.exit()).isEqualTo(1);
      assertThat(bench.kernel(GATEWAY)).isEqualTo(before);
      bench.demandCrossing();
    }
  }

  @Test
  void aMissingRightIsSaidWithItsName() throws IOException {
    var refusal = bench.refusal(bench.file(), "setpriv", "--bounding-set=-net_admin");
    assertThat(refusal)
        .isEqualTo(
            new Finished(
                1,
                "watari: making the TUN device watari0 failed: this process does not have the"
                    + " right (EPERM); it needs CAP_NET_ADMIN: run it as root, for example with"
                    + " sudo"));
  }

  @Test
  void aMissingTunFileIsSaidWithTheCommandThatMakesIt() throws IOException {
    var hide = "mount -t tmpfs none /dev/net && exec \"$@\"";
    var refusal = bench.refusal(bench.file(), "unshare", "--mount", "sh", "-c", hide, "sh");
    assertThat(refusal.output())
        .startsWith("watari: opening /dev/net/tun failed: ")
        .contains("as root: modprobe tun")
        .hasLineCount(1);
    assertThat(refusal.exit()).isEqualTo(1);
  }

  @Test
  void aDefaultRouteOfSomebodyElseStaysAndNothingIsHalfDone() throws IOException {
    bench.at(GATEWAY, "ip", "route", "add", "default", "via", "192.168.1.2");
    try {
      var before = bench.kernel(GATEWAY);
      var refusal = bench.refusal(bench.file(WITH_LINK));
      assertThat(refusal.output())
          .startsWith("watari: setting the route 0.0.0.0/0 ")
          .contains("ip route show 0.0.0.0/0", "choose another metric")
          .hasLineCount(1);
      assertThat(refusal.exit()).isEqualTo(1);
      assertThat(bench.kernel(GATEWAY)).isEqualTo(before);
    } finally {
      bench.at(GATEWAY, "ip", "route", "del", "default", "via", "192.168.1.2");
    }
  }

  @Test
  void aLinkThatIsNotThereIsSaidAndNothingIsHalfDone() throws IOException {
    var before = bench.kernel(GATEWAY);
    var refusal = bench.refusal(bench.file("mtu: 1500", "mtu: 1500, interface: wan7"));
    assertThat(refusal.output()).contains("wan7").hasLineCount(1);
    assertThat(refusal.exit()).isEqualTo(1);
    assertThat(bench.kernel(GATEWAY)).isEqualTo(before);
  }

  @Test
  void anUnknownKeyIsSaidWithItsPlace() throws IOException {
    var file = bench.file("tun: watari0", "tunnel: watari0");
    var refusal = bench.refusal(file);
    assertThat(refusal.output())
        .startsWith("watari: " + file + ":4:1: ")
        .contains("'tunnel'", "'tun'")
        .hasLineCount(1);
    assertThat(refusal.exit()).isEqualTo(2);
  }

  @Test
  void aLinkThatGoesWhileTheGatewayRunsIsNoHindranceToTheGoodbye() throws IOException {
    bench.at(GATEWAY, "ip", "link", "add", "ppp7", "type", "veth", "peer", "name", "far7");
    var file = bench.file("mtu: 1500", "mtu: 1500, interface: ppp7");
    try (var gateway = bench.gateway(file)) {
      assertThat(bench.kernel(GATEWAY)).contains(MAP_ADDRESS + " dev ppp7");
      bench.at(GATEWAY, "ip", "link", "del", "ppp7");
      demandGoodbye(gateway);
      assertThat(bench.kernel(GATEWAY)).doesNotContain("watari0", "default dev", MAP_ADDRESS);
    }
  }

  /// MAPE-07
  @Test
  void aNeighbourOnTheLineIsAnsweredForTheMapAddress() throws IOException {
    var prefix = bench.one().endUserPrefix().toString();
    var router =
        bench.at(Topology.ACCESS, "ip", "-6", "route", "show", prefix).strip().split(" ", -1);
    bench.at(Topology.ACCESS, "ip", "-6", "route", "replace", prefix, "dev", "home1");
    try (var gateway = bench.gateway(bench.file(WITH_LINK))) {
      bench.demandCrossing();
      assertThat(bench.at(Topology.ACCESS, "ip", "-6", "neigh", "show", MAP_ADDRESS))
          .contains("lladdr");
      demandGoodbye(gateway);
      assertThat(bench.kernel(GATEWAY)).doesNotContain(MAP_ADDRESS);
    } finally {
      bench.at(Topology.ACCESS, "ip", "-6", "route", "replace", prefix, "via", router[2]);
    }
  }

  /// CGN-11
  @Test
  void stateAndCountersAreJson() throws IOException {
    try (var _ = bench.gateway(bench.file())) {
      bench.demandCrossing();
      var socket = bench.settings().gatewaySocket(bench.one());
      var status = JsonMapper.shared().readTree(bench.ask("status", socket));
      assertThat(status.path("mapAddress").asString()).isEqualTo(MAP_ADDRESS);
      assertThat(status.path("portRanges")).hasSize(15);
      assertThat(status.path("portRanges").path(0).toString()).isEqualTo("[4928,4943]");
      assertThat(status.path("sessions").asInt()).isEqualTo(1);
      var counters = JsonMapper.shared().readTree(bench.ask("counters", socket));
      assertThat(counters.at("/outbound/passed/sent").asInt()).isEqualTo(1);
      assertThat(counters.at("/inbound/passed/sent").asInt()).isEqualTo(1);
      assertThat(counters.at("/inbound/drops/spoofedSelf").isIntegralNumber()).isTrue();
      var relayed =
          JsonMapper.shared().readTree(bench.ask("counters", bench.settings().relaySocket()));
      assertThat(relayed.at("/upstream/drops/subscriberSpoofed").isIntegralNumber()).isTrue();
    }
  }
}
