package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Counters;

/// A million packets that nobody honest sends, at the interfaces of a relay that runs.
@NeedsNamespaces(programs = {"ethtool", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileFloodTest {
  private static final int PACKETS = 1_000_000;
  private static final long SEED = Long.getLong("watari.seed", new SplittableRandom().nextLong());
  private static final String INTERFACES = "interfaces: {internet: net0, line: line0}\n";

  private static final String INTERNET = Topology.INTERNET_IPV4;
  private static final int ECHOES = 5;
  private static final String TO_NOBODY = "upstream.drops.outerTargetNotOurs";
  private static final Set<String> OWN =
      Set.of(
          "upstream.drops.subscriberSpoofed",
          "upstream.drops.targetPortExcluded",
          "upstream.drops.toItself",
          "upstream.drops.ttlExpired",
          "upstream.drops.ipv4Malformed",
          "downstream.drops.subscriberFromOutside",
          "downstream.drops.targetPortExcluded");

  private Workbench bench;
  private Running gateway;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    gateway = bench.gateway(bench.file());
    bench.likeCardsAtRelay();
  }

  @AfterAll
  void remove() throws IOException {
    gateway.close();
    bench.close();
  }

  private Counters counters() throws IOException {
    return Counters.parse(bench.ask("counters", bench.settings().relaySocket()));
  }

  /// MAPE-37, MAPE-65, TUN-07: in the kernel's programs as in Java. What finds no room at the
  /// device is lost there.
  @ParameterizedTest
  @ValueSource(
      strings = {"offload: off", "hook: xdp\noffload: required", "hook: tc\noffload: required"})
  void theyChangeNoCounterButTheirOwnAndEchoesCross(String lines) throws IOException {
    System.out.println("hostile packets of -Dwatari.seed=" + SEED);
    try (var relay = bench.relay(lines + "\n" + INTERFACES)) {
      bench.demandCrossing();
      var before = counters();
      var flood = CompletableFuture.runAsync(this::flood);
      int echoes = 0;
      int tried = 0;
      while (!flood.isDone()) {
        echoes += answered();
        tried += ECHOES;
      }
      flood.join();
      assertThat(echoes).as("echoes meanwhile").isPositive();
      bench.demandCrossing();
      demandCounted(counters().since(before), echoes + 1, tried + 1);
      relay.ask();
      assertThat(relay.ended(Workbench.PATIENCE)).isZero();
    }
  }

  private int answered() throws IOException {
    var said = bench.tried(bench.one().home(), "ping", "-nc" + ECHOES, "-i0.01", "-W1", INTERNET);
    return (int) said.lines().filter(line -> line.contains("bytes from")).count();
  }

  /// Of the echoes that were tried, some may have been sent and lost later.
  private static void demandCounted(Map<String, Long> grown, long echoes, long tried) {
    var drops = new TreeMap<>(grown);
    drops.keySet().removeIf(name -> name.startsWith("domains") || !name.contains(".drops."));
    // what the kernel says to every device now and then
    assertThat(Objects.requireNonNullElse(drops.remove(TO_NOBODY), 0L)).isLessThan(4);
    assertThat(drops.keySet()).isEqualTo(OWN);
    assertThat(drops.values()).allSatisfy(count -> assertThat(count).isGreaterThan(PACKETS / 200));
    for (String way : List.of("upstream", "downstream")) {
      long dropped =
          drops.entrySet().stream()
              .filter(drop -> drop.getKey().startsWith(way))
              .mapToLong(Map.Entry::getValue)
              .sum();
      long sent = Objects.requireNonNull(grown.get(way + ".passed.sent"));
      assertThat(sent).isBetween(echoes, tried);
      long received = Objects.requireNonNull(grown.get(way + ".receivedPackets"));
      assertThat(received - dropped - sent).isBetween(0L, 3L);
    }
  }

  private void flood() {
    try {
      sendAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sendAll() throws IOException {
    var random = new SplittableRandom(SEED);
    var fromLine = new HostilePackets(random, bench.one(), ethernet(Topology.RELAY_LINE));
    var fromInternet = new HostilePackets(random, bench.one(), ethernet("net0"));
    try (var line = FrameSocket.at(bench.place(Topology.ACCESS), "relay0");
        var internet = FrameSocket.at(bench.place(Topology.INTERNET), "net0")) {
      for (int i = 0; i < PACKETS; i += 2) {
        line.send(fromLine.fromLine());
        internet.send(fromInternet.fromInternet());
      }
    }
  }

  private String ethernet(String device) throws IOException {
    return bench.at(Topology.RELAY, "cat", "/sys/class/net/" + device + "/address").strip();
  }
}
