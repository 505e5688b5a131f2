package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Counters;

/// A line whose household shares its IPv4 address with nobody: 8 EA bits, all of them of the
/// address, so every port is its own, and protocols without ports pass.
@NeedsNamespaces(programs = {"natpmpc", "ping", "setpriv", "socat"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WholeAddressTest {
  private static final String PREFIX = "2001:db8:12::/48";
  private static final String OWN = "192.0.2.18";
  private static final String SECOND_HOST = "192.168.1.3";
  private static final String ESP = "50";
  private static final String SAY_WHO_ASKS = "echo $SOCAT_PEERADDR";
  private static final String FORWARDS =
      """
      forwards:
        - {name: web, protocol: tcp, port: 80, to: 192.168.1.2, toPort: 8080}
      """;

  private final List<Running> programs = new ArrayList<>();
  private Workbench bench;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    var settings = bench.settings();
    Files.writeString(settings.rulesFile(), settings.rules().replace("ea: 16", "ea: 8"));
    var toHome = List.of("ip", "-6", "route", "add", PREFIX, "via", bench.one().gatewaySide());
    bench.at(Topology.ACCESS, toHome.toArray(String[]::new));
    bench.at(bench.one().home(), "ip", "address", "add", SECOND_HOST + "/24", "dev", Topology.LAN);
    programs.add(bench.relay());
    var usual = bench.one().endUserPrefix().toString();
    programs.add(bench.gateway(bench.file(usual, PREFIX, "tun:", FORWARDS + "tun:")));
    answerEsp(Topology.INTERNET_IPV4);
    answerEsp(Topology.STRANGER_IPV4);
    answerTcp(8080);
    answerTcp(8443);
  }

  @AfterAll
  void remove() throws IOException {
    programs.reversed().forEach(Running::close);
    bench.close();
  }

  /// Starts a server of ESP that says to each who asks which address it sees. It reads the
  /// question, or its answer could be lost; and has `-t`, as otherwise it answers within a half
  /// second only.
  private void answerEsp(String server) throws IOException {
    var receive = "IP4-RECVFROM:" + ESP + ",bind=" + server + ",fork";
    var program = List.of("socat", "-dd", "-t60", receive, "SYSTEM:read line; " + SAY_WHO_ASKS);
    start(Topology.INTERNET, program, "receiving on");
  }

  /// Starts a server that says to each who connects which address it sees.
  private void answerTcp(int port) throws IOException {
    var listen = "TCP4-LISTEN:" + port + ",fork,reuseaddr";
    start(
        bench.one().home(),
        List.of("socat", "-dd", listen, "SYSTEM:" + SAY_WHO_ASKS),
        "listening on");
  }

  private void start(String node, List<String> program, String ready) throws IOException {
    var server = Running.start(node, bench.place(node).command(program));
    programs.add(server);
    server.awaitPart(ready, Workbench.PATIENCE);
  }

  /// Sends a packet of ESP, whose content is nobody's business.
  ///
  /// @param seconds to wait for an answer
  private String esp(String from, String to, int seconds) throws IOException {
    var target = "IP4-DATAGRAM:" + to + ":" + ESP + ",bind=" + from;
    var exchange = "echo | socat -t" + seconds + " - " + target;
    return bench.tried(bench.one().home(), "sh", "-c", exchange);
  }

  private Counters counters() throws IOException {
    return Counters.parse(bench.ask("counters", bench.settings().gatewaySocket(bench.one())));
  }

  private Map<String, Long> grown(Counters before) throws IOException {
    return counters().since(before);
  }

  /// As bare ESP does that IKE has found no NAT for, or has been told not to put into UDP.
  ///
  /// VPN-05, MAPE-04
  @Test
  void espPassesThereAndBackForOneHostWithEachServer() throws IOException {
    var before = counters();
    assertThat(esp(bench.one().homeAddress(), Topology.INTERNET_IPV4, 5)).contains(OWN);
    assertThat(grown(before))
        .containsKeys("outbound.passed.sent", "inbound.passed.sent")
        .doesNotContainKeys("outbound.drops.protocolTaken", "outbound.drops.protocolWithoutPort");
    assertThat(esp(SECOND_HOST, Topology.INTERNET_IPV4, 2)).doesNotContain(OWN);
    assertThat(grown(before)).containsEntry("outbound.drops.protocolTaken", 1L);
    assertThat(esp(SECOND_HOST, Topology.STRANGER_IPV4, 5)).contains(OWN);
  }

  /// VPN-05
  @Test
  void espFromSomebodyWhomNobodyHasAskedStaysOutside() throws IOException {
    var before = counters();
    var uninvited = "echo | socat -u - IP4-SENDTO:" + OWN + ":" + ESP + ",bind=203.0.113.77";
    bench.at(Topology.INTERNET, "ip", "address", "add", "203.0.113.77/24", "dev", "net0");
    bench.at(Topology.INTERNET, "sh", "-c", uninvited);
    bench.at(bench.one().home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    assertThat(grown(before)).containsEntry("inbound.drops.noMapping", 1L);
  }

  /// MAPE-04, MAPE-25
  @Test
  void everyPortIsTheHouseholdsTheWellKnownOnesToo() throws IOException {
    var status =
        JsonMapper.shared()
            .readTree(bench.ask("status", bench.settings().gatewaySocket(bench.one())));
    assertThat(status.path("ipv4").asString()).isEqualTo(OWN);
    assertThat(status.at("/forwards/0/dial").asString()).isEqualTo(OWN + ":80");
    assertThat(asked(80)).contains(Topology.INTERNET_IPV4);
    assertThat(asked(443)).doesNotContain(Topology.INTERNET_IPV4);
    assertThat(natpmpc("443")).contains("Mapped public port 443 protocol TCP to local port 8443");
    assertThat(asked(443)).contains(Topology.INTERNET_IPV4);
  }

  private String natpmpc(String port) throws IOException {
    String[] words = {"natpmpc", "-g", bench.one().gatewayLan(), "-a", port, "8443", "tcp", "600"};
    return bench.at(bench.one().home(), words);
  }

  private String asked(int port) throws IOException {
    var server = "TCP4:" + OWN + ":" + port + ",connect-timeout=3";
    return bench.tried(Topology.INTERNET, "socat", "-u", server, "-");
  }
}
