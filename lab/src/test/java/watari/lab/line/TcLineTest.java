package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.lab.NeedsNamespaces;

/// A gateway and a relay whose packets the kernel carries at traffic control, between interfaces
/// that hand over super-packets with open checksums: virtual ones, for which it is chosen by
/// itself.
@NeedsNamespaces(programs = {"iperf3", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TcLineTest {
  private static final String RELAY = "interfaces: {internet: net0, line: line0}\n";
  private static final String GATEWAY = "interfaces: {lan: lan0, line: wan0}\n";
  private static final long MANY_BYTES = 20_000_000;

  /// Of Java: what begins and ends a connection, and what the kernel says to every device.
  private static final long FEW_PACKETS = 200;

  private Workbench bench;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
  }

  @AfterAll
  void remove() throws IOException {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tc", "auto"})
  void superPacketsCrossGatewayAndRelayWhole(String hook) throws IOException {
    var lines = "offload: required\nhook: " + hook + "\n";
    try (var relay = bench.relay(lines + RELAY);
        var gateway = bench.gatewayBehind(lines + GATEWAY)) {
      assertThat(String.join("", relay.output())).contains("offload at net0 (tc) and line0 (tc)");
      assertThat(String.join("", gateway.output())).contains("offload at lan0 (tc) and wan0 (tc)");
      bench.demandCrossing(); // neighbours are known from now on
      demandWhole("/outbound", "/upstream", bench.one().gateway(), "wan0", "-t1");
      demandWhole("/inbound", "/downstream", Topology.RELAY, Topology.RELAY_LINE, "-t1", "-R");
    }
  }

  private void demandWhole(
      String way, String relayWay, String sender, String device, String... options)
      throws IOException {
    var gateway = bench.settings().gatewaySocket(bench.one());
    var relay = bench.settings().relaySocket();
    long ofGateway = carriedBytes(gateway, way);
    long ofRelay = carriedBytes(relay, relayWay);
    long java = received(gateway) + received(relay);
    long bytes = sent(sender, device, "bytes");
    long packets = sent(sender, device, "packets");
    var home = bench.place(bench.one().home());
    Iperf.toInternet(home, bench.place(Topology.INTERNET)).run(options);
    bytes = sent(sender, device, "bytes") - bytes;
    packets = sent(sender, device, "packets") - packets;
    assertThat(bytes).isGreaterThan(MANY_BYTES).isGreaterThan(packets * 4 * Topology.LINE_MTU);
    assertThat(carriedBytes(gateway, way) - ofGateway).isGreaterThan(MANY_BYTES);
    assertThat(carriedBytes(relay, relayWay) - ofRelay).isGreaterThan(MANY_BYTES);
    assertThat(received(gateway) + received(relay) - java).isLessThan(FEW_PACKETS);
  }

  private long carriedBytes(Path socket, String way) throws IOException {
    return bench.counted(socket, way + "/receivedBytes");
  }

  /// By Java.
  private long received(Path socket) throws IOException {
    return bench.counted(socket, "/device/received");
  }

  /// What an interface has sent, a super-packet counting as one.
  private long sent(String node, String device, String unit) throws IOException {
    var file = "/sys/class/net/" + device + "/statistics/tx_" + unit;
    return Long.parseLong(bench.at(node, "cat", file).strip());
  }
}
