package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.net.Refused;
import watari.lab.NeedsNamespaces;

/// The hosts of the lab as real namespaces, without gateways or relay.
@NeedsNamespaces(programs = {"ping", "setpriv"})
final class NamespacesTest {

  private static final Topology TOPOLOGY = new Topology(2, Layout.RFC7597);
  private static final long SELF = ProcessHandle.current().pid();

  private static long deadProcess() throws IOException {
    var process = new ProcessBuilder("true").start();
    process.onExit().join();
    return process.pid();
  }

  @Test
  void everyHostReachesItsNeighbourAndNothingIsLeft() throws IOException {
    try (var namespaces = new Namespaces(SELF)) {
      namespaces.build(TOPOLOGY);
      demandAnswer(namespaces, "home1", "192.168.1.1");
      demandAnswer(namespaces, "gateway2", "2001:db8:fff0:ffff::2");
      demandAnswer(namespaces, "relay", "203.0.113.80");
    }
    assertThat(names()).doesNotContain(Leftovers.prefix(SELF));
  }

  @Test
  void ipv4DoesNotCrossByItself() throws IOException {
    try (var namespaces = new Namespaces(SELF)) {
      namespaces.build(TOPOLOGY);
      assertThat(ping(namespaces, "home1", "203.0.113.80").exit()).isNotZero();
      var access = namespaces.place(Topology.ACCESS).command(List.of("ip", "-4", "address"));
      assertThat(Finished.run(access)).isEqualTo(new Finished(0, ""));
    }
  }

  @Test
  void theNextLabRemovesWhatADeadOneLeft() throws IOException {
    var prefix = Leftovers.prefix(deadProcess());
    Finished.demand(List.of("ip", "netns", "add", prefix + "home1"), "");
    var folder = Files.createTempDirectory(prefix);
    Files.writeString(folder.resolve("relay.yaml"), "rules: rules.yaml");
    assertThat(Leftovers.removeOfTheDead()).contains(prefix + "home1");
    assertThat(names()).doesNotContain(prefix);
    assertThat(folder).doesNotExist();
  }

  @Test
  void leavesAloneWhatTheLivingMade() throws IOException {
    var name = Leftovers.prefix(SELF) + "alive";
    Finished.demand(List.of("ip", "netns", "add", name), "");
    try {
      assertThat(Leftovers.removeOfTheDead()).doesNotContain(name);
      assertThat(Path.of("/run/netns", name)).exists();
    } finally {
      Finished.demand(List.of("ip", "netns", "del", name), "");
    }
  }

  @Test
  void knowsItsOwnNamesOnly() {
    assertThat(Leftovers.owner("watari-123-home1")).contains(123L);
    assertThat(Leftovers.owner("watari-lan")).isEmpty();
    assertThat(Leftovers.owner("vpn-123-home1")).isEmpty();
  }

  @Test
  void aProgramThatEndsEarlySaysWhatItPrinted() throws IOException {
    try (var running = Running.start("relay", List.of("sh", "-c", "echo no rules; exit 1"))) {
      assertThatThrownBy(() -> running.await("watari relay ready", Duration.ofMinutes(1)))
          .hasMessage("relay ended; it printed: no rules");
    }
  }

  @Test
  void aBuildThatFailsLeavesNothing() throws IOException {
    var taken = Leftovers.prefix(SELF) + Topology.INTERNET;
    Finished.demand(List.of("ip", "netns", "add", taken), "");
    try (var namespaces = new Namespaces(SELF)) {
      assertThatThrownBy(() -> namespaces.build(TOPOLOGY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(taken);
    }
    assertThat(names()).doesNotContain(Leftovers.prefix(SELF));
  }

  @Test
  void refusesAHostThatIsNotThere() throws IOException {
    try (var namespaces = new Namespaces(SELF)) {
      namespaces.build(new Topology(1, Layout.RFC7597));
      assertThatThrownBy(() -> namespaces.place("home2"))
          .isInstanceOf(Refused.class)
          .hasMessageStartingWith("the lab has no host 'home2'");
    }
  }

  private static void demandAnswer(Namespaces namespaces, String from, String to)
      throws IOException {
    var finished = ping(namespaces, from, to);
    assertThat(finished.exit()).as(finished.output()).isZero();
  }

  private static Finished ping(Namespaces namespaces, String from, String to) throws IOException {
    return Finished.run(
        namespaces.place(from).command(List.of("ping", "-n", "-c", "1", "-W", "2", to)));
  }

  private static String names() throws IOException {
    return Finished.demand(List.of("ip", "netns", "list"), "");
  }
}
