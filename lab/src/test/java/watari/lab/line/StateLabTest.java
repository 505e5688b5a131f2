package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.NeedsNamespaces;

/// What a gateway keeps and what it becomes while it runs, with the real processes.
@NeedsNamespaces(programs = {"ping"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StateLabTest {
  private static final String TUN = "tun: watari0";
  private static final String WEB =
      "  - {name: web, protocol: tcp, port: 4930, to: 192.168.1.2, toPort: 80}\n";

  private Workbench bench;
  private Running relay;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    relay = bench.relay();
  }

  @AfterAll
  void remove() throws IOException {
    relay.close();
    bench.close();
  }

  private Path file(String forwards, String... changes) throws IOException {
    String[] all = new String[changes.length + 2];
    all[0] = TUN;
    all[1] = TUN + "\nforwards:\n" + forwards;
    System.arraycopy(changes, 0, all, 2, changes.length);
    return bench.file(all);
  }

  private Path socket() {
    return bench.settings().gatewaySocket(bench.one());
  }

  private Finished reload() throws IOException {
    return Finished.run(Jvm.here().product(List.of("reload", "--socket", socket().toString())));
  }

  private JsonNode status() throws IOException {
    return JsonMapper.shared().readTree(bench.ask("status", socket()));
  }

  @Test
  void aReloadOfAWrongFileChangesNothing() throws IOException {
    try (var _ = bench.gateway(file(WEB))) {
      var path = file(WEB.replace("4930", "443"));
      Finished wrong = reload();
      assertThat(wrong.exit()).isEqualTo(2);
      assertThat(wrong.output())
          .startsWith("watari: " + path + ":6:")
          .contains("port 443 is nobody's on a shared address; the nearest free ports")
          .hasLineCount(1);
      file(WEB, TUN, "tun: watari9");
      Finished fixed = reload();
      assertThat(fixed.exit()).isEqualTo(2);
      assertThat(fixed.output())
          .contains("it cannot change from watari0 to watari9 while it runs")
          .hasLineCount(1);
      assertThat(status().at("/forwards/0/dial").asString()).endsWith(":4930");
      bench.demandCrossing();
    }
  }

  /// The line gets another port set while the gateway is off, and then while it runs.
  @Test
  void aForwardMovesWithThePortSetAndItsPeopleAreTold() throws IOException {
    try (var _ = bench.gateway(file(WEB))) {
      assertThat(status().path("portRanges").path(0).toString()).isEqualTo("[4928,4943]");
    }
    try (var gateway = bench.gateway(file(WEB, "2001:db8:12:3400::", "2001:db8:12:3500::"))) {
      gateway.awaitPart("'web' (TCP) has moved from port 4930 to 4946", Workbench.PATIENCE);
      assertThat(status().at("/forwards/0/dial").asString()).isEqualTo("192.0.2.18:4946");
      file(WEB, "2001:db8:12:3400::", "2001:db8:12:3600::");
      Finished done = reload();
      assertThat(done.exit()).isZero();
      assertThat(done.output()).contains("\"sessionsKept\" : false");
      gateway.awaitPart("'web' (TCP) has moved from port 4946 to 4962", Workbench.PATIENCE);
      String events = bench.ask("events", socket());
      assertThat(events).contains("\"forwardMoved\"", "\"lineChanged\"", "\"192.0.2.18\"");
      assertThat(bench.kernel(bench.one().gateway()))
          .contains("2001:db8:12:3600:0:c000:212:36 dev watari0")
          .doesNotContain("2001:db8:12:3500:0:c000:212:35");
    }
    try (var gateway = bench.gateway(file(WEB))) {
      gateway.awaitPart("'web' (TCP) has moved from port 4962 to 4930", Workbench.PATIENCE);
    }
  }

  /// D-23 of the fault list, with a real disk: killed while a reload may be writing.
  @Test
  void nothingAcknowledgedIsLostWhenItIsKilled() throws IOException {
    long seed = Long.getLong("watari.seed", new SplittableRandom().nextLong());
    System.out.println("random input of -Dwatari.seed=" + seed);
    var random = new SplittableRandom(seed);
    Path state = bench.settings().gatewayState(bench.one()).resolve("state");
    for (int kill = 0; kill < 3; kill++) {
      String acknowledged = "a" + kill;
      try (var gateway = bench.gateway(file(WEB.replace("web", acknowledged)))) {
        file(WEB.replace("web", "b" + kill));
        Running asking =
            Running.start(
                "reload", Jvm.here().product(List.of("reload", "--socket", socket().toString())));
        int patience = random.nextInt(1, 40);
        while (asking.output().isEmpty() && patience-- > 0) {
          bench.at(bench.one().gateway(), "ip", "route"); // any program: it takes a while
        }
        gateway.kill();
        asking.close();
      }
      String kept = Files.readString(state);
      assertThat(kept).startsWith("watari state 1\n").contains("forward " + acknowledged);
    }
    try (var gateway = bench.gateway(file(WEB))) {
      assertThat(status().has("stateTrouble")).isFalse();
      bench.demandCrossing();
      assertThat(gateway.output()).noneMatch(line -> line.contains("cannot be kept"));
    }
  }

  /// D-24 of the fault list.
  @Test
  void aFolderThatCannotBeWrittenStopsNoTrafficAndIsSaid() throws IOException {
    Path taken = Files.writeString(bench.settings().folder().resolve("taken"), "a file");
    String own = bench.settings().gatewayState(bench.one()).toString();
    try (var gateway = bench.gateway(file(WEB, own, taken + "/state"))) {
      gateway.awaitPart("the state cannot be kept: " + taken, Workbench.PATIENCE);
      bench.demandCrossing();
      assertThat(status().path("stateTrouble").asString()).startsWith(taken.toString());
    }
  }
}
