package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Running;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// Hosts that come and go, as dnsmasq at the gateway says.
@NeedsNamespaces(programs = {"dnsmasq", "setpriv", "udhcpc", "upnpc"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DhcpTest {
  private static final String GUEST = "192.168.1.50";

  private static final String SCRIPT =
      """
      #!/bin/sh
      case $1 in
        bound)
          ip address add $ip/24 dev $interface
          ip route add default via $router
          echo has $ip ;;
      esac
      """;

  private Neighbourhood neighbourhood;
  private Subscriber home;
  private Running server;

  @BeforeAll
  void open() throws IOException {
    neighbourhood = Neighbourhood.open(new Topology(1, Layout.RFC7597).withHosts(2));
    home = neighbourhood.home(1);
    server =
        neighbourhood.start(
            home.gateway(),
            "dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--port=0",
            "--user=root",
            "--interface=lan0",
            "--bind-interfaces",
            "--no-ping",
            "--dhcp-range=" + GUEST + "," + GUEST + ",2m",
            "--dhcp-leasefile=" + file());
    server.awaitPart("DHCP, sockets bound", Neighbourhood.PATIENCE);
  }

  private Path file() {
    return neighbourhood.line().folder().resolve(home.gateway() + ".leases");
  }

  private String leases() {
    try {
      return "file: " + Files.readString(file());
    } catch (IOException absent) {
      return "no file";
    }
  }

  @AfterAll
  void close() throws IOException {
    neighbourhood.close();
  }

  /// PCP-45, IGD-13
  @Test
  void whoGivesTheAddressBackLeavesNoOpenPorts() throws IOException {
    int left = home.ports().get(30);
    int kept = home.ports().get(31);
    try (var guest = guest()) {
      map(home.home(2), GUEST, left);
      map(home.home(1), home.homeAddress(), kept);
      assertThat(mapped()).containsExactlyInAnyOrder(GUEST, home.homeAddress());
      guest.ask();
      assertThat(guest.ended(Neighbourhood.PATIENCE)).isZero();
    }
    long end = System.nanoTime() + Neighbourhood.PATIENCE.toNanos();
    while (mapped().contains(GUEST)) {
      assertThat(System.nanoTime() - end)
          .as(() -> "the ports of who left; " + server.output() + " " + leases())
          .isNegative();
    }
    assertThat(mapped()).containsExactly(home.homeAddress());
  }

  /// A client that gives its address back when it is asked to end.
  private Running guest() throws IOException {
    var script = neighbourhood.folder(home.home(2)).resolve("dhcp.sh");
    Files.writeString(script, SCRIPT);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    neighbourhood.demand(home.home(2), "ip", "address", "flush", "dev", Topology.LAN);
    var guest =
        neighbourhood.start(
            home.home(2), "udhcpc", "-f", "-R", "-i", Topology.LAN, "-s", script.toString());
    guest.await("has " + GUEST, Neighbourhood.PATIENCE);
    return guest;
  }

  private void map(String node, String host, int port) throws IOException {
    var outside = Integer.toString(port);
    var said = neighbourhood.demand(node, "upnpc", "-i", "-a", host, "8080", outside, "TCP", "0");
    assertThat(said).contains("is redirected to internal " + host + ":8080");
  }

  /// The hosts that have mappings.
  private List<String> mapped() throws IOException {
    var status = JsonMapper.shared().readTree(neighbourhood.line().gatewayStatus(home));
    return status.path("portMappings").valueStream().map(one -> one.path("to").asString()).toList();
  }
}
