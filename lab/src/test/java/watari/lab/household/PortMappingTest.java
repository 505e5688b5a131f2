package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.offbynull.portmapper.gateways.network.NetworkGateway;
import com.offbynull.portmapper.gateways.network.internalmessages.KillNetworkRequest;
import com.offbynull.portmapper.mapper.MappedPort;
import com.offbynull.portmapper.mapper.PortType;
import com.offbynull.portmapper.mappers.pcp.PcpPortMapper;
import com.offbynull.portmapper.mappers.pcp.externalmessages.MapPcpRequest;
import com.offbynull.portmapper.mappers.pcp.externalmessages.MapPcpResponse;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// Ports that programs of other people ask for by PCP and NAT-PMP, and traffic through them.
///
/// Somebody whom a host at home has answered may go on writing to it for as long as the session
/// lasts, mapping or not. So who tries a port after its end is one who has not tried it before. And
/// a port rests after its end; so each test has a line of its own, on which nothing rests.
@NeedsNamespaces(programs = {"natpmpc", "setpriv", "socat", "tshark", "ss"})
final class PortMappingTest {
  private static final Pattern MAPPED =
      Pattern.compile("Mapped public port (\\d+) protocol (\\w+) to local port (\\d+)");
  private static final String GREETING = "hello from home";
  private static final int SERVER = 5351;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int PATIENCE_MILLIS = 10_000;

  /// A request to announce: version 2, opcode 0, and the client's address, mapped into IPv6.
  private static final String ANNOUNCE =
      "printf '\\2\\0\\0\\0\\0\\0\\0\\0" + "\\0".repeat(10) + "\\377\\377\\300\\250\\1\\2'";

  /// A request for the outer address by NAT-PMP.
  private static final String WHICH_ADDRESS = "printf '\\0\\0'";

  private Neighbourhood neighbourhood;
  private Subscriber home;

  @BeforeEach
  void open() throws IOException {
    neighbourhood = Neighbourhood.open(new Topology(1, Layout.RFC7597));
    home = neighbourhood.home(1);
    neighbourhood.await("" + SERVER, home.gateway(), "ss", "-Hlnu", "sport", "=", "" + SERVER);
  }

  @AfterEach
  void close() throws IOException {
    neighbourhood.close();
  }

  /// PCP-01
  @Test
  void isHeardAtHomeAndNowhereElse() throws IOException {
    var sockets = neighbourhood.demand(home.gateway(), "ss", "-Hlnu", "sport", "=", "" + SERVER);
    assertThat(sockets.lines()).singleElement().asString().contains(home.gatewayLan());
    assertThat(asked(home.home(), WHICH_ADDRESS, home.gatewayLan())).contains("\0");
    assertThat(asked(Topology.INTERNET, WHICH_ADDRESS, home.ipv4().toString()))
        .as("no answer, whose first byte would be zero")
        .doesNotContain("\0");
  }

  /// What a datagram to the server's port brings back.
  private String asked(String node, String request, String target) throws IOException {
    var exchange = request + " | socat -t2 - UDP:" + target + ":" + SERVER;
    return neighbourhood.run(node, "sh", "-c", exchange).output();
  }

  /// PCP-04, PCP-26, PCP-48
  @Test
  void natpmpcOpensAPortOfTheSetAndClosesItAgain() throws IOException {
    assertThat(natpmpc()).contains("Public IP address : " + home.ipv4());
    serve(8080);
    int port = mapped("80", "8080", "tcp", "3600");
    assertThat(home.owns(port)).as("%d is of the set", port).isTrue();
    assertThat(called(port)).contains(GREETING);
    assertThat(called(port)).as("again, after the first has closed").contains(GREETING);
    assertThat(mapped("81", "8080", "tcp", "600")).as("refreshed").isEqualTo(port);
    assertThat(status()).contains("\"by\" : \"natPmp\"", home.ipv4() + ":" + port);
    natpmpc("-a", "0", "8080", "tcp", "0");
    demandClosed(port);
  }

  /// PCP-25
  @Test
  void natpmpcHasAWantedPortOfTheSetUntilItGivesItBack() throws IOException {
    int wanted = home.ports().getLast();
    answer(9000);
    assertThat(mapped("" + wanted, "9000", "udp", "600")).isEqualTo(wanted);
    assertThat(written(Topology.INTERNET_IPV4, wanted)).contains(GREETING);
    natpmpc("-a", "" + wanted, "9000", "udp", "0");
    assertThat(status()).doesNotContain(home.ipv4() + ":" + wanted);
    assertThat(written(Topology.STRANGER_IPV4, wanted, 2)).doesNotContain(GREETING);
  }

  /// It refreshes with a new nonce, as somebody would who wants the port of another program. And it
  /// deletes with a port of zero, as the RFC says, but does not read the zero that comes back.
  ///
  /// PCP-21, PCP-25, PCP-26, PCP-42, PCP-46, PCP-47
  @Test
  void portmapperMapsAndUnmapsByPcp() throws Exception {
    // Threads are born in the namespace of the thread that starts them.
    var network = neighbourhood.line().place(home.home()).inside(NetworkGateway::create);
    try {
      serve(8081);
      var mapper = new PcpPortMapper(network.getBus(), own(), server());
      MappedPort port = mapper.mapPort(PortType.TCP, 8081, 443, 1);
      assertThat(home.owns(port.getExternalPort())).isTrue();
      assertThat(port.getExternalAddress().getHostAddress()).isEqualTo(home.ipv4().toString());
      assertThat(port.getLifetime()).isEqualTo(120);
      assertThat(called(port.getExternalPort())).contains(GREETING);
      assertThatIllegalStateException().isThrownBy(() -> mapper.refreshPort(port, 7200));
      assertThat(status()).contains(home.ipv4() + ":" + port.getExternalPort());
      assertThatIllegalStateException().isThrownBy(() -> mapper.unmapPort(port));
      demandClosed(port.getExternalPort());
      int wanted = home.ports().get(200);
      assertThat(mapper.mapPort(PortType.UDP, 8082, wanted, 600).getExternalPort())
          .isEqualTo(wanted);
    } finally {
      network.getBus().send(new KillNetworkRequest());
      network.join();
    }
  }

  /// The messages of portmapper, sent by hand: one nonce from the first to the last.
  ///
  /// PCP-23, PCP-26, PCP-43, PCP-46, PCP-47
  @Test
  void whoKeepsTheNonceRefreshesAndDeletes() throws IOException {
    answer(9001);
    try (var client = client()) {
      MapPcpResponse first = map(client, UDP, 9001, 443, 600);
      int port = first.getAssignedExternalPort();
      assertThat(home.owns(port)).isTrue();
      assertThat(first.getLifetime()).isEqualTo(600);
      assertThat(written(Topology.INTERNET_IPV4, port)).contains(GREETING);
      MapPcpResponse again = map(client, UDP, 9001, port, 7200);
      assertThat(again.getAssignedExternalPort()).isEqualTo(port);
      assertThat(again.getLifetime()).isEqualTo(7200);
      assertThat(map(client, TCP, 9001, port, 600).getAssignedExternalPort())
          .as("the same number, for the other protocol")
          .isEqualTo(port);
      assertThat(map(client, TCP, 9001, port, 0).getLifetime()).as("deleted").isZero();
      assertThat(map(client, TCP, 9001, port, 0).getLifetime()).as("and once more").isZero();
      assertThat(map(client, UDP, 9001, port, 0).getLifetime())
          .as("what its flow has left")
          .isBetween(1L, 300L);
      assertThat(status()).doesNotContain(home.ipv4() + ":" + port);
      assertThat(written(Topology.STRANGER_IPV4, port, 2)).doesNotContain(GREETING);
    }
  }

  private DatagramSocket client() throws IOException {
    var place = neighbourhood.line().place(home.home());
    var socket = place.inside(() -> new DatagramSocket(new InetSocketAddress(own(), 0)));
    socket.connect(server(), SERVER);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private MapPcpResponse map(
      DatagramSocket client, int protocol, int inside, int outside, long lifetime)
      throws IOException {
    byte[] nonce = "twelve bytes".getBytes(StandardCharsets.US_ASCII);
    var anywhere = InetAddress.getByName("0.0.0.0");
    var request =
        new MapPcpRequest(nonce, protocol, inside, outside, anywhere, lifetime, own()).dump();
    client.send(new DatagramPacket(request, request.length));
    var answer = new DatagramPacket(new byte[1100], 1100);
    client.receive(answer);
    var response = new MapPcpResponse(Arrays.copyOf(answer.getData(), answer.getLength()));
    assertThat(response.getResultCode()).isZero();
    assertThat(response.getMappingNonce()).isEqualTo(nonce);
    return response;
  }

  /// PCP-02
  @Test
  void tsharkReadsTheAnswers() throws IOException {
    var filter = "udp src port " + SERVER + " and dst host " + home.homeAddress();
    var capture =
        neighbourhood.start(
            home.home(),
            "tshark",
            "-l",
            "-n",
            "-i",
            Topology.LAN,
            "-f",
            filter,
            "-c",
            "1",
            "-O",
            "portcontrol");
    capture.awaitPart("Capture started", Neighbourhood.PATIENCE);
    asked(home.home(), ANNOUNCE, home.gatewayLan());
    assertThat(capture.ended(Neighbourhood.PATIENCE)).isZero();
    assertThat(String.join("\n", capture.output()))
        .contains("Port Control Protocol, Announce", "Result Code: Success (0)")
        .doesNotContain("Malformed");
  }

  private InetAddress own() throws IOException {
    return InetAddress.getByName(home.homeAddress());
  }

  private InetAddress server() throws IOException {
    return InetAddress.getByName(home.gatewayLan());
  }

  private String status() throws IOException {
    return neighbourhood.line().gatewayStatus(home);
  }

  private String natpmpc(String... words) throws IOException {
    var program = new ArrayList<>(List.of("natpmpc", "-g", home.gatewayLan()));
    program.addAll(List.of(words));
    return neighbourhood.demand(home.home(), program.toArray(String[]::new));
  }

  private int mapped(String wanted, String port, String protocol, String lifetime)
      throws IOException {
    var match = MAPPED.matcher(natpmpc("-a", wanted, port, protocol, lifetime));
    assertThat(match.find()).isTrue();
    return Integer.parseInt(match.group(1));
  }

  /// Greets everyone who connects.
  private void serve(int port) throws IOException {
    var listen = "TCP-LISTEN:" + port + ",fork,reuseaddr";
    var greet = "SYSTEM:echo " + GREETING;
    neighbourhood
        .start(home.home(), "socat", "-d", "-d", listen, greet)
        .awaitPart("listening on", Neighbourhood.PATIENCE);
  }

  /// Greets everyone who writes; with `-t`, for socat gives the answer up to a half second after
  /// the question.
  private void answer(int port) throws IOException {
    var greet = "SYSTEM:read line; echo " + GREETING;
    neighbourhood
        .start(home.home(), "socat", "-dd", "-t60", "UDP-RECVFROM:" + port + ",fork", greet)
        .awaitPart("receiving on", Neighbourhood.PATIENCE);
  }

  private String called(int port) throws IOException {
    return called(Topology.INTERNET_IPV4, port);
  }

  private String called(String from, int port) throws IOException {
    var target = "TCP:" + home.ipv4() + ":" + port + ",connect-timeout=2,bind=" + from;
    return neighbourhood.run(Topology.INTERNET, "socat", "-u", target, "-").output();
  }

  /// What somebody who writes to a port hears, for whom there should be an answer.
  private String written(String from, int port) throws IOException {
    return written(from, port, 20);
  }

  /// Ends with the answer, or after some seconds without.
  private String written(String from, int port, int seconds) throws IOException {
    int bytes = GREETING.length() + 1;
    var target = "UDP:" + home.ipv4() + ":" + port + ",bind=" + from + ",readbytes=" + bytes;
    var exchange = "echo | socat -t" + seconds + " - " + target;
    return neighbourhood.run(Topology.INTERNET, "sh", "-c", exchange).output();
  }

  /// Nobody comes in any more, and it is counted.
  private void demandClosed(int port) throws IOException {
    assertThat(status()).doesNotContain(home.ipv4() + ":" + port);
    var before = neighbourhood.counters(home);
    assertThat(called(Topology.STRANGER_IPV4, port)).doesNotContain(GREETING);
    var grown = neighbourhood.grown(home, before);
    long refused =
        grown.getOrDefault("inbound.drops.noMapping", 0L)
            + grown.getOrDefault("inbound.drops.filtered", 0L);
    assertThat(refused).as("%s", grown).isPositive();
  }
}
