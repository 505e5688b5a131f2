package watari.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.core.net.Ipv6Address;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Finished;
import watari.lab.line.Layout;
import watari.lab.line.Line;
import watari.lab.line.Topology;

/// A line whose domain is a mesh: gateways find each other by the rule.
@NeedsNamespaces(programs = {"curl", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MeshTest {

  /// More than the multicast packets that a kernel sends into a new device.
  private static final int PACKETS = 50;

  private Line line;
  private Stage stage;

  @BeforeAll
  void start() throws IOException {
    line = Line.plan(new Topology(2, Layout.RFC7597, true));
    line.build();
    line.start();
    stage = Stage.open(line);
  }

  @AfterAll
  void end() throws IOException {
    stage.close();
    line.close();
  }

  /// MAPE-10, MAPE-11, MAPE-44: neighbours directly, everybody else by way of the relay.
  @Test
  void neighboursTalkDirectlyAndTheInternetIsReachedByTheRelay() throws IOException {
    assertThat(HttpSteps.outwards(stage, stage.subscriber(1))).isInstanceOf(Outcome.Shown.class);
    assertThat(UdpSteps.neighbours(stage)).isInstanceOf(Outcome.Shown.class);
    assertThat(line.gatewayStatus(stage.subscriber(1))).contains("\"mode\" : \"mesh\"");
  }

  /// MAPE-07, MAPE-40
  @Test
  void aFalseRelayAndAnotherAddressAreNoTunnel() throws IOException {
    assertThat(AccessSteps.falseRelayIsNotHeard(stage)).isInstanceOf(Outcome.Shown.class);
  }

  /// MAPE-07: even where the operator routes another address to our device.
  @Test
  void tunnelPacketsToAnotherAddressAreDroppedAndCounted() throws IOException {
    var one = stage.subscriber(1);
    var other = new Ipv6Address(one.endUserPrefix().high(), 0x99);
    var route = List.of("ip", "-6", "route", "add", other + "/128", "dev", "watari0");
    assertThat(Finished.run(line.place(one.gateway()).command(route)))
        .isEqualTo(new Finished(0, ""));
    var before = Counters.parse(line.gatewayCounters(one));
    try (var home = stage.udp(one)) {
      var door = Endpoint.parse(home.ask("who am I?", Internet.echo(0)).text());
      var relay = Ipv6Address.parse(Topology.RELAY_IPV6);
      for (int packet = 0; packet < PACKETS; packet++) {
        new Forgery(relay, other, Internet.echo(0), door, "elsewhere")
            .send(line.place(Topology.ACCESS));
      }
      assertThat(home.ask("who am I?", Internet.echo(0)).text()).isEqualTo(door.toString());
    }
    assertThat(Counters.parse(line.gatewayCounters(one)).since(before))
        .hasEntrySatisfying(
            "inbound.drops.outerTargetNotOurs",
            count -> assertThat(count).isGreaterThanOrEqualTo(PACKETS));
  }
}
