package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.lab.NeedsNamespaces;
import watari.lab.Until;

/// A relay that reads its rules again while it carries packets.
@NeedsNamespaces(programs = {"iperf3", "kill", "ping", "setpriv"})
final class RelayReloadTest {
  private static final int RELOADS = 20;
  private static final String MORE =
      "      - {ipv6: \"2001:db8:f000::/40\", ipv4: 198.51.100.0/24, ea: 16}\n";

  /// With it the route to the home's prefix becomes one to both.
  private static final String NEIGHBOUR =
      "      - {ipv6: \"2001:db8:f000::/40\", ipv4: 192.0.3.0/24, ea: 16}\n";

  private static final Pattern SUMMARY =
      Pattern.compile("(\\d+) packets transmitted, (\\d+) received.*");

  @TempDir private Path folder = Path.of("");
  private Workbench bench;

  @BeforeEach
  void build() throws IOException {
    bench = new Workbench(folder);
  }

  @AfterEach
  void remove() throws IOException {
    bench.close();
  }

  private void write(String rules) throws IOException {
    Files.writeString(bench.settings().rulesFile(), rules);
  }

  private String usual() {
    return bench.settings().rules();
  }

  /// Other rules, of other subscribers.
  private String others() {
    return usual()
        .replace("- name: lab", "- name: other")
        .replace(Topology.RULE_IPV6, "2001:db8:e000::/40")
        .replace(Topology.RULE_IPV4, "198.51.100.0/24");
  }

  private Finished reload() throws IOException {
    var socket = bench.settings().relaySocket().toString();
    var program = Jvm.here().product(List.of("reload", "--socket", socket));
    return Finished.run(bench.place(Topology.RELAY).command(program));
  }

  /// It waits while the rules of four changes before are still accepted.
  private void reloaded() throws IOException {
    Until.seen("that the rules change", this::isReloaded);
  }

  private boolean isReloaded() throws IOException {
    var finished = reload();
    boolean isReloaded = finished.exit() == 0;
    assertThat(finished.output()).contains(isReloaded ? "\"rulesChanged\" : true" : "graceSeconds");
    return isReloaded;
  }

  private String status() throws IOException {
    return bench.ask("status", bench.settings().relaySocket());
  }

  private String routes() throws IOException {
    return bench.at(Topology.RELAY, "ip", "-4", "route", "show", "dev", "watari-relay0");
  }

  private Running start(String node, String... program) throws IOException {
    return Running.start(program[0], bench.place(node).command(List.of(program)));
  }

  private void untilForgotten() throws IOException {
    Until.seen("that they are forgotten", () -> status().contains("\"formerRules\" : [ ]"));
  }

  /// Each echo and its answer cross the relay; not one of them is lost, and a connection lives.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void noPacketIsLostWhileTheRulesChange(int workers) throws IOException {
    try (var _ = bench.relay("graceSeconds: 1\nworkers: " + workers + "\n");
        var _ = bench.gateway(bench.file())) {
      bench.demandCrossing();
      var home = bench.place(bench.one().home());
      var iperf = Iperf.toInternet(home, bench.place(Topology.INTERNET));
      try (var stream = iperf.begin("5201", "-b20M");
          var echoes = start(bench.one().home(), "ping", "-ni0.01", Topology.INTERNET_IPV4)) {
        stream.awaitBegun();
        for (int i = 0; i < RELOADS; i++) {
          String more = i % 4 == 0 ? MORE : NEIGHBOUR;
          write(i % 2 == 0 ? usual() + more : usual());
          reloaded();
        }
        stream.end();
        bench.at(bench.one().home(), "kill", "-INT", Long.toString(echoes.pid()));
        assertNoneLost(echoes.whole(Workbench.PATIENCE));
      }
      untilForgotten();
      assertThat(routes()).contains(Topology.RULE_IPV4).doesNotContain("198.51.100.0/24");
    }
  }

  /// The last echo may have been under way when it was told to end.
  private static void assertNoneLost(List<String> said) {
    var summary = said.stream().map(SUMMARY::matcher).filter(line -> line.matches()).findFirst();
    assertThat(summary).isPresent();
    int sent = Integer.parseInt(summary.get().group(1));
    int received = Integer.parseInt(summary.get().group(2));
    assertThat(sent).isGreaterThan(500);
    assertThat(received).isBetween(sent - 1, sent);
  }

  @Test
  void rulesThatAreGoneAreAcceptedUntilTheirTimeIsOver() throws IOException {
    try (var _ = bench.relay("graceSeconds: 20\n");
        var _ = bench.gateway(bench.file())) {
      bench.demandCrossing();
      write(others());
      reloaded();
      bench.demandCrossing();
      assertThat(routes()).contains(Topology.RULE_IPV4).contains("198.51.100.0/24");
      assertThat(status()).contains("\"domains\" : [ \"other\" ]").contains("\"lab\"");
      untilForgotten();
      assertThat(routes()).doesNotContain(Topology.RULE_IPV4).contains("198.51.100.0/24");
      assertThat(bench.tried(bench.one().home(), "ping", "-nc1", "-W1", Topology.INTERNET_IPV4))
          .contains("100% packet loss");
      write(usual());
      reloaded();
      bench.demandCrossing();
    }
  }

  /// A home that stays is the kernel's again at once, and one that is gone Java's until its time is
  /// over.
  @Test
  void theKernelCarriesByTheNewRulesWhileThoseOfBeforeAreAccepted() throws IOException {
    try (var _ =
            bench.relay(
                "graceSeconds: 3600\ninterfaces: {internet: net0, line: line0}\nhook: tc\n");
        var _ = bench.gateway(bench.file())) {
      bench.demandCrossing();
      write(usual() + MORE);
      reloaded();
      untilCarried();
      assertThat(status()).doesNotContain("\"formerRules\" : [ ]");
      bench.demandCrossing();
      write(others());
      reloaded();
      untilCarried();
      bench.demandCrossing();
    }
  }

  private void untilCarried() throws IOException {
    long end = System.nanoTime() + Workbench.PATIENCE.toNanos();
    while (!status().contains("\"running\" : true")) {
      assertThat(System.nanoTime() - end).as("until the kernel carries").isNegative();
    }
  }

  @Test
  void aBadFileChangesNothingAndEveryProblemIsSaid() throws IOException {
    try (var _ = bench.relay("graceSeconds: 1\n");
        var _ = bench.gateway(bench.file())) {
      write(
          usual().replace("ea: 16", "ea: 61")
              + "      - {ipv6: x, ipv4: 198.51.100.0/24, ea: 16}\n");
      var refused = reload();
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.output()).contains("rules.yaml:8:57").contains("rules.yaml:9:16");
      bench.demandCrossing();
      write(usual());
      assertThat(reload().output()).contains("\"rulesChanged\" : false");
    }
  }

  /// Somebody else has the route: the kernel refuses, and all is as before.
  @Test
  void aKernelThatRefusesLeavesAllAsBefore() throws IOException {
    try (var _ = bench.relay("graceSeconds: 1\n");
        var _ = bench.gateway(bench.file())) {
      bench.at(Topology.RELAY, "ip", "route", "add", "198.51.100.0/24", "dev", "net0");
      write(others());
      var refused = reload();
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.output()).contains("198.51.100.0/24");
      assertThat(status()).contains("\"domains\" : [ \"lab\" ]");
      bench.demandCrossing();
    }
  }
}
