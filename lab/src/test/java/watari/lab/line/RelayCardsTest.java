package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Counters;

/// A relay that takes its packets from the cards, before the kernel sees them.
@NeedsNamespaces(programs = {"ethtool", "iperf3", "ping"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RelayCardsTest {
  private static final String FILE =
      "door: af_xdp\noffload: off\ninterfaces: {internet: net0, line: line0}\n";
  private static final int PACKETS = 1_000_000;
  private static final int PORT = 40_000;

  private Workbench bench;
  private Running gateway;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    gateway = bench.gateway(bench.file());
    // A card would have finished the checksums that a pair leaves open.
    bench.at(Topology.INTERNET, "ethtool", "-K", "net0", "tx", "off");
  }

  @AfterAll
  void remove() throws IOException {
    gateway.close();
    bench.close();
  }

  private String asked(String question) throws IOException {
    return bench.ask(question, bench.settings().relaySocket());
  }

  private Counters counters() throws IOException {
    return Counters.parse(asked("counters"));
  }

  private static long of(Map<String, Long> counts, String name) {
    return Objects.requireNonNullElse(counts.get(name), 0L);
  }

  private String relayLinks() throws IOException {
    return bench.at(Topology.RELAY, "ip", "-detail", "link");
  }

  /// Neither the device's counters nor the kernel's routing have seen them.
  private long routed() throws IOException {
    return link(Topology.RELAY, "watari-relay0").at("/tx/packets").asLong();
  }

  private JsonNode link(String node, String name) throws IOException {
    var said = bench.at(node, "ip", "-stats", "-json", "link", "show", name);
    return JsonMapper.shared().readTree(said).get(0).path("stats64");
  }

  @Test
  void programsOfOtherPeopleTalkThroughTheCards() throws IOException {
    try (var relay = bench.relay(FILE)) {
      assertThat(String.join("", relay.output()))
          .contains("AF_XDP at net0 (copied) and line0 (copied)");
      assertThat(JsonMapper.shared().readTree(asked("status")).path("door").toString())
          .isEqualTo(
              "{\"kind\":\"af_xdp\",\"interfaces\":[{\"name\":\"net0\",\"queues\":1,\"zeroCopy\":false},"
                  + "{\"name\":\"line0\",\"queues\":1,\"zeroCopy\":false}]}");
      bench.demandCrossing(); // neighbours are known from now on
      var before = counters();
      long routed = routed();
      var iperf = Iperf.toInternet(bench.place(home()), bench.place(Topology.INTERNET));
      iperf.run("-t1");
      iperf.run("-t1", "-R");
      iperf.run("-t1", "-u", "-b20M", "-l1200");
      bench.at(home(), "ping", "-nc3", "-i0.1", "-s3000", Topology.INTERNET_IPV4);
      var grown = counters().since(before);
      assertThat(of(grown, "upstream.passed.sent")).isGreaterThan(2_000);
      assertThat(of(grown, "downstream.passed.sent")).isGreaterThan(2_000);
      assertThat(of(grown, "upstream.receivedPackets") + of(grown, "downstream.receivedPackets"))
          .isEqualTo(of(grown, "device.received"));
      assertThat(routed() - routed).as("packets that came by the kernel").isLessThan(100);
      relay.ask();
      assertThat(relay.ended(Workbench.PATIENCE)).isZero();
    }
    assertThat(relayLinks()).doesNotContain("xdp");
  }

  private String home() {
    return bench.one().home();
  }

  /// Each was received, or counted as missed by the door or the pair; and each that was received
  /// was judged, and each that was passed on was sent.
  @Test
  void ofAMillionSmallPacketsNoneIsUnaccountedFor() throws IOException {
    try (var _ = bench.relay(FILE)) {
      bench.demandCrossing();
      var before = counters();
      long lost = link(Topology.INTERNET, "net0").at("/tx/dropped").asLong();
      flood();
      bench.demandCrossing(); // behind the others
      var grown = counters().since(before);
      lost = link(Topology.INTERNET, "net0").at("/tx/dropped").asLong() - lost;
      long received = of(grown, "device.received");
      long missed = of(grown, "device.missed");
      assertThat(of(grown, "downstream.receivedPackets") + of(grown, "upstream.receivedPackets"))
          .isEqualTo(received);
      assertThat(of(grown, "downstream.receivedPackets") + missed + lost)
          .as("%d received, %d missed, %d lost by the pair", received, missed, lost)
          .isBetween((long) PACKETS, PACKETS + 10L);
      assertThat(sent(grown, "downstream") + sent(grown, "upstream"))
          .isEqualTo(of(grown, "device.sent"));
      assertThat(received).isGreaterThan(PACKETS / 10);
    }
  }

  /// An ICMP error of its own is sent too.
  private static long sent(Map<String, Long> grown, String way) {
    return of(grown, way + ".passed.sent") + of(grown, way + ".icmpAnswers");
  }

  private void flood() throws IOException {
    try (var socket = bench.place(Topology.INTERNET).inside(() -> new DatagramSocket())) {
      var packet = new DatagramPacket(new byte[18], 18, new InetSocketAddress("192.0.2.18", PORT));
      for (int i = 0; i < PACKETS; i++) {
        socket.send(packet);
      }
    }
  }

  /// After `kill -9` nothing is left that takes packets, and a relay that starts again goes on.
  @Test
  void aKilledRelayLeavesNothingAtTheCards() throws IOException {
    try (var relay = bench.relay(FILE)) {
      bench.demandCrossing();
      assertThat(relayLinks()).contains("xdp");
      relay.kill();
    }
    assertThat(relayLinks()).doesNotContain("xdp", "watari-relay0");
    try (var _ = bench.relay(FILE)) {
      bench.demandCrossing();
    }
  }

  /// What is gone is left to the kernel again, and what has come comes by the cards.
  @Test
  void theCardsGoByTheNewRulesWhenThoseOfBeforeAreForgotten() throws IOException {
    var usual = bench.settings().rules();
    try (var _ = bench.relay(FILE + "graceSeconds: 0\n")) {
      bench.demandCrossing();
      Files.writeString(
          bench.settings().rulesFile(), usual.replace(Topology.RULE_IPV4, "198.51.100.0/24"));
      assertThat(asked("reload")).contains("\"rulesChanged\" : true");
      long end = System.nanoTime() + Workbench.PATIENCE.toNanos();
      while (!asked("status").contains("\"formerRules\" : [ ]")) {
        assertThat(System.nanoTime() - end).as("until they are forgotten").isNegative();
      }
      assertThat(asked("reload")).contains("\"rulesChanged\" : false"); // behind what is under way
      var before = counters();
      assertThat(bench.tried(Topology.INTERNET, "ping", "-nc3", "-i0.1", "-W1", "192.0.2.18"))
          .contains("100% packet loss");
      assertThat(of(counters().since(before), "downstream.receivedPackets")).isZero();
    } finally {
      Files.writeString(bench.settings().rulesFile(), usual);
    }
  }

  @Test
  void aCardThatIsNotThereIsSaidAndNothingIsLeft() throws IOException {
    var before = bench.kernel(Topology.RELAY);
    assertThat(bench.relayRefusal(FILE.replace("net0", "net9")))
        .isEqualTo(
            new Finished(
                1,
                "watari: finding the interface 'net9' failed: there is no such device (ENODEV); 'ip link'"
                    + " lists them"));
    assertThat(bench.kernel(Topology.RELAY)).isEqualTo(before);
  }
}
