package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;
import watari.lab.proof.Counters;
import watari.lab.proof.Endpoint;
import watari.lab.proof.Udp;

/// Servers at home: who reaches them, from where, and who cannot take their ports away.
///
/// Home 1 forwards some ports of its set. Home 2 has the same IPv4 address and other ports: one is
/// forwarded, all others lead to its second host. It begins no flows, whose ports would be its own.
@NeedsNamespaces(programs = {"curl", "hping3", "setpriv", "socat"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ForwardTest {

  private static final int WEB = 0x1340;
  private static final int GAME = 0x1341;

  private static final int NEIGHBOUR = 0x1350;

  /// A port of the neighbour's set that is forwarded nowhere.
  private static final int OTHER = 0x2350;

  private static final String FORWARDS =
      """
      forwards:
        - {name: web, protocol: tcp, port: 4928, to: 192.168.1.2, toPort: 80}
        - {name: game, protocol: udp, port: 4929, to: 192.168.1.2}
        - {name: flooded, protocol: tcp, port: 4930, to: 192.168.1.4}
      """;

  private static final String NEIGHBOURS =
      """
      forwards:
        - {name: web, protocol: tcp, port: 4944, to: 192.168.2.2, toPort: 80}
      dmz: 192.168.2.3
      """;

  private static final String URL = "http://192.0.2.18:" + WEB + "/";
  private static final String SAID = "said by ";
  private static final int HOSTS = 3;
  private static final int TURNS = 10;
  private static final long FLOODED_MIN = 2_000;

  private static final String[] FLOOD = {
    "hping3", "-q", "-S", "--rand-source", "-i", "u500", "-p", "4930", "192.0.2.18"
  };

  private Neighbourhood neighbourhood;
  private Subscriber one;
  private Subscriber two;
  private List<CrowdServer> servers;

  @BeforeAll
  void open() throws IOException {
    var topology = new Topology(2, Layout.RFC7597).withHosts(HOSTS);
    one = topology.subscriber(1);
    two = topology.subscriber(2);
    neighbourhood =
        Neighbourhood.open(
            topology,
            line -> {
              line.configure(one, FORWARDS);
              line.configure(two, NEIGHBOURS);
            });
    servers =
        List.of(
            server(one.home(1), 80),
            server(two.home(2), OTHER),
            server(two.home(1), 80),
            server(one.home(3), 4930));
    game(one.home(1), GAME);
  }

  private CrowdServer server(String node, int port) throws IOException {
    return CrowdServer.open(neighbourhood.line().place(node), 1, List.of(port));
  }

  /// Answers each datagram with the name of the host.
  private void game(String node, int port) throws IOException {
    var answer = "SYSTEM:read line; echo " + SAID + node;
    // With -t, for it gives the answer up to a half second after the question.
    var listen = "UDP-RECVFROM:" + port + ",fork";
    var socat = neighbourhood.start(node, "socat", "-dd", "-t60", listen, answer);
    socat.awaitPart("receiving on", Neighbourhood.PATIENCE);
  }

  @AfterAll
  void close() throws IOException {
    servers.forEach(CrowdServer::close);
    neighbourhood.close();
  }

  /// SHR-04
  @Test
  void theInternetReachesTheForwardAndIsSeenWithItsOwnAddress() throws IOException {
    assertThat(neighbourhood.curl(Topology.INTERNET, URL).address())
        .hasToString(Topology.INTERNET_IPV4);
  }

  @Test
  void whatIsForwardedNowhereIsTheDemilitarisedHosts() throws IOException {
    var seen = neighbourhood.curl(Topology.INTERNET, "http://192.0.2.18:" + OTHER + "/");
    assertThat(seen.address()).hasToString(Topology.INTERNET_IPV4);
  }

  /// SHR-04
  @Test
  void aPortOutsideTheSetIsRefusedWithThosePortsThatAreNear() throws IOException {
    var refusal =
        neighbourhood
            .line()
            .refusal(
                one,
                """
                forwards:
                  - {name: web, protocol: tcp, port: 8080, to: 192.168.1.2}
                """);
    assertThat(refusal.exit()).isEqualTo(2);
    assertThat(refusal.output()).contains("refused.yaml:", "8080", "9024");
  }

  /// TCP-10
  @Test
  void aHostReachesItsNeighbourByTheOuterAddress() throws IOException {
    neighbourhood.curl(one.home(2), URL).demandOwnedBy(one);
  }

  /// MAPE-44
  @Test
  void theHomeWithTheSameAddressGoesByTheRelay() throws IOException {
    var before = neighbourhood.relayCounters();
    neighbourhood.curl(one.home(1), "http://192.0.2.18:" + NEIGHBOUR + "/").demandOwnedBy(one);
    assertThat(neighbourhood.relayCounters().since(before).get("upstream.passed.sent"))
        .isGreaterThan(6);
  }

  /// A host sends from the very ports that are forwarded to another one, so that what comes back
  /// would open them for it, and has an accomplice outside: the port shadow of 2024, which takes
  /// servers' ports away behind the kernel's own masquerade.
  ///
  /// T-38, PRT-01
  @Test
  void aHostThatSendsFromAForwardedPortDoesNotGetIt() throws IOException {
    var forward = new Endpoint(one.ipv4(), GAME);
    var internet = neighbourhood.line().place(Topology.INTERNET);
    var thief = neighbourhood.line().place(one.home(2));
    try (var accomplice = Udp.open(internet, Topology.INTERNET_IPV4, 0);
        var shadow = Udp.open(thief, one.homeAddress(2), GAME)) {
      assertThat(seen(shadow, accomplice)).isNotEqualTo(forward);
      var answer = accomplice.ask("whose port is this?", forward);
      assertThat(answer.text().strip()).isEqualTo(SAID + one.home(1));
      assertThat(answer.from()).isEqualTo(forward);
    }
  }

  /// T-38, PRT-01
  @Test
  void aConnectionFromAForwardedPortGetsAnotherOne() throws IOException {
    var port = Integer.toString(WEB);
    var said =
        neighbourhood.demand(
            one.home(2), "curl", "-sS", "--local-port", port, "http://203.0.113.80/");
    assertThat(Endpoint.parse(said).demandOwnedBy(one).port()).isNotEqualTo(WEB);
    assertThat(neighbourhood.curl(Topology.INTERNET, URL).address())
        .hasToString(Topology.INTERNET_IPV4);
  }

  private static Endpoint seen(Udp from, Udp to) throws IOException {
    for (int turn = 0; turn < TURNS; turn++) {
      from.say("hello", to.here());
      var heard = to.hear();
      if (heard != null) {
        return heard.from();
      }
    }
    throw new IOException(to.here() + " heard nothing of " + from.here());
  }

  /// From thousands of addresses a second to one host, which has a share of the sessions for it.
  @Test
  void aSynFloodOnAForwardStopsNobodyAtHome() throws IOException {
    var before = neighbourhood.counters(one);
    try (var _ = neighbourhood.start(Topology.INTERNET, FLOOD)) {
      long end = System.nanoTime() + Neighbourhood.PATIENCE.toNanos();
      for (int turn = 0; turn < TURNS || flooded(before) < FLOODED_MIN; turn++) {
        for (int host = 1; host <= HOSTS; host++) {
          neighbourhood.curl(one.home(host), "http://203.0.113.80/").demandOwnedBy(one);
        }
        assertThat(System.nanoTime() - end).as("packets of the flood").isNegative();
      }
    }
  }

  private long flooded(Counters before) throws IOException {
    return neighbourhood.grown(one, before).getOrDefault("inbound.passed.sent", 0L);
  }
}
