package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Topology;
import watari.lab.proof.Endpoint;

/// Two people of one home who dial into the same office.
@NeedsNamespaces(
    programs = {
      "ipsec",
      "iperf3",
      "openvpn",
      "ping",
      "pt-tls-client",
      "setpriv",
      "swanctl",
      "tcpdump",
      "wg",
      "wireguard-go"
    })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VpnTest {

  private static final int BYTES_MIN = 100_000;
  private static final List<String> PORTLESS =
      List.of("4", "33", "41", "47", "50", "51", "115", "132", "136");
  private static final Pattern IKE_PEER =
      Pattern.compile("remote +'home.*' @ ([0-9.]+)\\[(\\d+)\\]");
  private static final Pattern OPENVPN_PEER =
      Pattern.compile("Peer Connection Initiated with \\[AF_INET\\](\\S+)");

  private Neighbourhood neighbourhood;
  private List<String> hosts;

  @BeforeAll
  void open() throws IOException {
    neighbourhood = Neighbourhood.open(new Topology(1, Layout.RFC7597).withHosts(2));
    var home = neighbourhood.home(1);
    hosts = List.of(home.home(1), home.home(2));
  }

  @AfterAll
  void close() throws IOException {
    neighbourhood.close();
  }

  /// VPN-01, VPN-02, VPN-03, VPN-06, SHR-09
  @Test
  void twoHostsHaveIkeAndEspInUdpToOneServer() throws IOException {
    var server = Charon.serve(neighbourhood);
    var clients =
        List.of(
            Charon.client(neighbourhood, hosts.getFirst()),
            Charon.client(neighbourhood, hosts.getLast()));
    for (var client : clients) {
      assertThat(client.dial()).contains("initiate completed successfully");
      client.log().awaitPart("local host is behind NAT", Neighbourhood.PATIENCE);
    }
    demandTransfers(Charon.OFFICE);
    var tunnels = server.tunnels();
    assertThat(tunnels.lines().filter(line -> line.contains("TUNNEL-in-UDP"))).hasSize(2);
    var peers = IKE_PEER.matcher(tunnels).results();
    demandOwnPorts(peers.map(peer -> peer.group(1) + ":" + peer.group(2)).toList());
    awaitKeepalive();
  }

  /// One octet, 0xff, in UDP (RFC 3948 §2.3).
  private void awaitKeepalive() throws IOException {
    var filter = "udp dst port 4500 and udp[4:2] = 9 and udp[8] = 0xff";
    var tcpdump = neighbourhood.start(Topology.INTERNET, "tcpdump", "-nlc1", "-i", "net0", filter);
    assertThat(tcpdump.awaitPart(" > ", Neighbourhood.PATIENCE))
        .contains("IP " + neighbourhood.home(1).ipv4() + ".");
  }

  /// VPN-06, VPN-10
  @Test
  void twoHostsHaveWireguardToOneServerAlsoAfterItHasMoved() throws IOException {
    var server = Wireguard.start(neighbourhood, Topology.INTERNET, 0);
    var one = Wireguard.start(neighbourhood, hosts.getFirst(), 1);
    var two = Wireguard.start(neighbourhood, hosts.getLast(), 2);
    server.serve(List.of(one, two));
    one.dial(server);
    two.dial(server);
    demandTransfers(Wireguard.OFFICE);
    var before = server.seen(one);
    demandOwnPorts(List.of(before, server.seen(two)));
    one.redial(server, Topology.STRANGER_IPV4);
    demandTransfers(Wireguard.OFFICE);
    assertThat(server.seen(one)).isEqualTo(before);
  }

  /// VPN-06, VPN-10
  @Test
  void twoHostsHaveOpenvpnToOneServer() throws IOException {
    var server = Openvpn.certified(neighbourhood, Topology.INTERNET);
    var one = Openvpn.certified(neighbourhood, hosts.getFirst());
    var two = Openvpn.certified(neighbourhood, hosts.getLast());
    var log = server.serve(List.of(one, two));
    one.dial(server);
    two.dial(server);
    demandTransfers(Openvpn.OFFICE);
    var peers = OPENVPN_PEER.matcher(String.join("\n", log.output())).results();
    demandOwnPorts(peers.map(peer -> peer.group(1)).toList());
  }

  /// IP in IP, DCCP, 6in4, GRE (PPTP's data), bare ESP, AH, L2TPv3, SCTP and UDP-Lite.
  ///
  /// VPN-04, VPN-07, VPN-09, MAPE-64, SHR-11
  @Test
  void aProtocolWithoutPortsIsRefusedAtOnceCountedAndSaid() throws IOException {
    var before = neighbourhood.counters(neighbourhood.home(1));
    var said =
        neighbourhood.demand(
            hosts.getFirst(),
            "nmap",
            "-sO",
            "-Pn",
            "-n",
            "--reason",
            "-p" + String.join(",", PORTLESS),
            Topology.INTERNET_IPV4);
    for (var protocol : PORTLESS) {
      assertThat(said)
          .containsPattern("(?m)^" + protocol + " .*proto-unreach from 192\\.168\\.1\\.1 ");
    }
    assertThat(neighbourhood.grown(neighbourhood.home(1), before))
        .hasEntrySatisfying(
            "outbound.drops.protocolWithoutPort",
            dropped -> assertThat(dropped).isGreaterThanOrEqualTo(PORTLESS.size()));
    assertThat(neighbourhood.line().gatewayEvents(neighbourhood.home(1)))
        .contains("protocolWithoutPort", "esp", "gre");
  }

  /// Both tunnels are there, and the first still when the second has been used.
  private void demandTransfers(String office) throws IOException {
    for (var host : hosts) {
      neighbourhood.demand(host, "ping", "-nc1", "-W20", office);
    }
    for (var host : hosts) {
      var before = neighbourhood.counters(neighbourhood.home(1));
      var relayed = neighbourhood.relayCounters();
      assertThat(transferred(host, office))
          .as(
              "through the tunnel of %s; its gateway counted %s, the relay %s",
              host,
              neighbourhood.grown(neighbourhood.home(1), before),
              neighbourhood.relayCounters().since(relayed))
          .isGreaterThanOrEqualTo(BYTES_MIN);
    }
    neighbourhood.demand(hosts.getFirst(), "ping", "-nc1", "-W20", office);
  }

  private long transferred(String host, String office) throws IOException {
    try (var server =
        neighbourhood.start(
            Topology.INTERNET, "iperf3", "-s", "-1", "--forceflush", "-B", office)) {
      server.await("Server listening", Neighbourhood.PATIENCE);
      var said = neighbourhood.demand(host, "iperf3", "-J", "-c", office, "-t1");
      return JsonMapper.shared().readTree(said).at("/end/sum_received/bytes").asLong();
    }
  }

  /// Each of the two has a port of its own, and it is of the household's set.
  private void demandOwnPorts(List<String> peers) throws IOException {
    assertThat(peers).hasSize(2).doesNotHaveDuplicates();
    for (var peer : peers) {
      Endpoint.parse(peer).demandOwnedBy(neighbourhood.home(1));
    }
  }
}
