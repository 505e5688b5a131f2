package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.lab.line.NativeLine.GATEWAY;
import static watari.lab.line.NativeLine.HOME;
import static watari.lab.line.NativeLine.OWN;

import com.offbynull.portmapper.mappers.pcp.externalmessages.MapPcpRequest;
import com.offbynull.portmapper.mappers.pcp.externalmessages.MapPcpResponse;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Counters;

/// A household on a line with an IPv4 address of its own: what it carries, and the ports that its
/// programs ask for; see [NativeLine].
@NeedsNamespaces(programs = {"curl", "iperf3", "natpmpc", "setpriv", "socat", "upnpc"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NativeHouseholdTest {
  private static final Pattern MAPPED = Pattern.compile("Mapped public port (\\d+) protocol TCP");
  private static final String LAN = "192.168.1.1";
  private static final int SERVER = 5351;
  private static final int TCP = 6;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int CONNECTIONS = 100;

  /// What a program at home may ask for; below are the system's ports, above those of the machine.
  private static final int FIRST = 1024;

  private static final int LAST = 32_767;

  /// A server that reads a request to its end and answers it, whatever it is.
  private static final String HTTP =
      """
      while read line && [ ${#line} -gt 1 ]; do :; done
      printf 'HTTP/1.0 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nhello\\n'
      """;

  private final List<Running> programs = new ArrayList<>();
  private Path folder;
  private NativeLine line;
  private Workbench bench;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    this.folder = folder;
    line = new NativeLine(folder);
    bench = line.bench();
    line.giveAddress();
    programs.add(bench.gateway(line.file("auto", "")));
  }

  @AfterAll
  void close() throws IOException {
    programs.reversed().forEach(Running::close);
    line.close();
  }

  private void start(String node, String ready, String... program) throws IOException {
    var running = Running.start(program[0], bench.place(node).command(List.of(program)));
    programs.add(running);
    running.awaitPart(ready, Workbench.PATIENCE);
  }

  private void serve(String node, int port, String answer) throws IOException {
    var listen = "TCP4-LISTEN:" + port + ",fork,reuseaddr,backlog=128";
    start(node, "listening on", "socat", "-t30", "-d", "-d", listen, "SYSTEM:" + answer);
  }

  private String called(int port) throws IOException {
    var target = "TCP4:" + OWN + ":" + port + ",connect-timeout=5";
    return bench.tried(Topology.INTERNET, "socat", "-u", target, "-").strip();
  }

  private static void demandBothWays(Map<String, Long> grown, long packets) {
    assertThat(grown.getOrDefault("outbound.passed.sent", 0L))
        .as("%s", grown)
        .isGreaterThan(packets);
    assertThat(grown.getOrDefault("inbound.passed.sent", 0L))
        .as("%s", grown)
        .isGreaterThan(packets);
  }

  /// MAPE-04
  @Test
  void iperf3SendsBothWaysInSuperPackets() throws IOException {
    start(Topology.INTERNET, "Server listening", "iperf3", "-s", "--forceflush");
    for (String way : List.of("-t1", "--reverse")) {
      Counters before = line.counters();
      var said = bench.at(HOME, "iperf3", "-J", "-c", Topology.INTERNET_IPV4, "-t1", way);
      long bytes = JsonMapper.shared().readTree(said).at("/end/sum_received/bytes").asLong();
      Map<String, Long> grown = line.counters().since(before);
      assertThat(bytes).isGreaterThan(1_000_000);
      demandBothWays(grown, 10);
      assertThat(grown).containsKeys("device.superReceived", "device.superSent");
      assertThat(grown.keySet()).noneMatch(name -> name.contains(".drops."));
    }
  }

  @Test
  void curlFetchesOverManyConnectionsAtOnce() throws IOException {
    var script = Files.writeString(folder.resolve("http"), HTTP);
    serve(Topology.INTERNET, 80, "sh " + script);
    Counters before = line.counters();
    var url = "http://" + Topology.INTERNET_IPV4 + "/[1-" + CONNECTIONS + "]";
    var said =
        bench.at(
            HOME,
            "curl",
            "-sS",
            "--parallel",
            "--parallel-immediate",
            "--parallel-max",
            "" + CONNECTIONS,
            "--max-time",
            "60",
            url);
    // Its progress meter may begin on the line of an answer.
    assertThat(said.split("hello\n", -1)).hasSize(CONNECTIONS + 1);
    demandBothWays(line.counters().since(before), 3L * CONNECTIONS);
  }

  /// PCP-04, PCP-48
  @Test
  void natpmpcGetsAPortThatIsNotTheMachines() throws IOException {
    serve(HOME, 8080, "echo by NAT-PMP");
    assertThat(natpmpc()).contains("Public IP address : " + OWN);
    assertThat(mapped(5000, 8080)).isEqualTo(5000);
    assertThat(called(5000)).isEqualTo("by NAT-PMP");
    assertThat(mapped(45_000, 8085)).isBetween(FIRST, LAST);
    assertThat(mapped(443, 8086)).isBetween(FIRST, LAST);
    natpmpc("-a", "0", "8080", "tcp", "0");
    assertThat(line.status().path("portMappings").toString()).doesNotContain(":5000");
  }

  private String natpmpc(String... words) throws IOException {
    var program = new ArrayList<>(List.of("natpmpc", "-g", LAN));
    program.addAll(List.of(words));
    return bench.at(HOME, program.toArray(String[]::new));
  }

  private int mapped(int wanted, int inside) throws IOException {
    var said = natpmpc("-a", "" + wanted, "" + inside, "tcp", "3600");
    var match = MAPPED.matcher(said);
    assertThat(match.find()).as(said).isTrue();
    return Integer.parseInt(match.group(1));
  }

  /// PCP-25, PCP-42
  @Test
  void aPcpClientLearnsTheAddressOfTheLine() throws IOException {
    serve(HOME, 8081, "echo by PCP");
    MapPcpResponse given = pcp(8081, 5100);
    assertThat(given.getAssignedExternalPort()).isEqualTo(5100);
    assertThat(given.getAssignedExternalIpAddress()).isEqualTo(InetAddress.getByName(OWN));
    assertThat(called(5100)).isEqualTo("by PCP");
    assertThat(pcp(8082, 45_000).getAssignedExternalPort()).isBetween(FIRST, LAST);
  }

  private MapPcpResponse pcp(int inside, int outside) throws IOException {
    var home = InetAddress.getByName(bench.one().homeAddress());
    byte[] nonce = "twelve bytes".getBytes(StandardCharsets.US_ASCII);
    var anywhere = InetAddress.getByName("0.0.0.0");
    var request = new MapPcpRequest(nonce, TCP, inside, outside, anywhere, 600, home).dump();
    try (var client =
        bench.place(HOME).inside(() -> new DatagramSocket(new InetSocketAddress(home, 0)))) {
      client.setSoTimeout(PATIENCE_MILLIS);
      client.connect(InetAddress.getByName(LAN), SERVER);
      client.send(new DatagramPacket(request, request.length));
      var answer = new DatagramPacket(new byte[1100], 1100);
      client.receive(answer);
      return new MapPcpResponse(Arrays.copyOf(answer.getData(), answer.getLength()));
    }
  }

  /// IGD-09, IGD-17
  @Test
  void upnpcOpensAPortOfTheLineAndClosesIt() throws IOException {
    serve(HOME, 8083, "echo by UPnP");
    assertThat(upnpc("-s")).contains("Status : Connected", "ExternalIPAddress = " + OWN);
    assertThat(upnpc("-a", bench.one().homeAddress(), "8083", "5200", "TCP", "600"))
        .contains("external " + OWN + ":5200 TCP is redirected");
    assertThat(called(5200)).isEqualTo("by UPnP");
    assertThat(upnpc("-a", bench.one().homeAddress(), "8084", "45000", "TCP", "600"))
        .contains("failed with code 718");
    assertThat(upnpc("-d", "5200", "TCP")).contains("returned : 0");
    assertThat(upnpc("-l")).doesNotContain("5200->");
  }

  /// With `-i`, as an address for documentation is none of the Internet for it.
  private String upnpc(String... words) throws IOException {
    var program = new ArrayList<>(List.of("upnpc", "-i"));
    program.addAll(List.of(words));
    return bench.tried(HOME, program.toArray(String[]::new));
  }

  /// Nobody on the line is to have a say about the ports of the home, whatever source it claims.
  ///
  /// PCP-01
  @Test
  void whoClaimsOnTheLineToBeOfTheHomeIsNotHeard() throws IOException {
    line.ip(Topology.ACCESS, "address add 192.168.1.77/32 dev home1");
    line.ip(Topology.ACCESS, "route add 192.168.1.1/32 via " + OWN);
    var ask = "printf '\\0\\0' | socat -t2 - UDP4:" + LAN + ":" + SERVER;
    assertThat(bench.at(HOME, "sh", "-c", ask)).as("at home it is answered").contains("\0");
    var claim = ask + ",bind=192.168.1.77";
    assertThat(bench.tried(Topology.ACCESS, "sh", "-c", claim)).doesNotContain("\0");
    assertThat(line.ip(GATEWAY, "rule")).contains("from 192.168.1.0/24 iif wan0");
  }
}
