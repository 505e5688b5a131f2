package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import watari.lab.NeedsNamespaces;
import watari.lab.Until;

/// How the offload of a real gateway ends, and what the gateway does without.
@NeedsNamespaces(programs = {"ethtool", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayOffloadLifecycleTest {
  private static final int FEW = 5;
  private static final int MANY = 100;
  private static final String XDP = "hook: xdp\ninterfaces: {lan: lan0, line: wan0}\n";
  private static final String REQUIRED = "offload: required\n" + XDP;

  private Workbench bench;
  private Running relay;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    relay = bench.relay();
    var home = bench.one().home();
    // The other end of a pair takes frames from a program only so.
    bench.at(home, "ethtool", "-K", Topology.LAN, "gro", "on");
    bench.at(Topology.ACCESS, "ethtool", "-K", "home1", "gro", "on");
    // A card would have finished the checksums that a pair leaves open, and a program cannot.
    bench.at(home, "ethtool", "-K", Topology.LAN, "tx", "off");
  }

  @AfterAll
  void remove() throws IOException {
    relay.close();
    bench.close();
  }

  private Echoes echoes() throws IOException {
    return new Echoes(
        bench.place(bench.one().home()), bench.place(Topology.INTERNET), Topology.INTERNET_IPV4);
  }

  private Path socket() {
    return bench.settings().gatewaySocket(bench.one());
  }

  private boolean isCarried(Echoes echoes) throws IOException {
    long java = received();
    assertThat(echoes.returned(MANY)).isEqualTo(MANY);
    return received() - java < FEW;
  }

  private long received() throws IOException {
    return bench.counted(socket(), "/device/received");
  }

  private String links() throws IOException {
    return bench.at(bench.one().gateway(), "ip", "-detail", "link");
  }

  /// After `kill -9` nothing forwards, not even a session that the kernel alone has carried, and a
  /// gateway that starts again goes on.
  @Test
  void aKilledGatewayLeavesNoProgramThatForwards() throws IOException {
    try (var echoes = echoes()) {
      try (var gateway = bench.gatewayBehind(REQUIRED)) {
        bench.demandCrossing();
        Until.seen("that the kernel alone carries them", () -> isCarried(echoes));
        gateway.kill();
      }
      assertThat(links()).doesNotContain("xdp", "watari0");
      assertThat(echoes.returned(MANY)).isZero();
      try (var _ = bench.gatewayBehind(REQUIRED)) {
        bench.demandCrossing();
        assertThat(echoes.returned(MANY)).isEqualTo(MANY);
      }
    }
  }

  @Test
  void withoutTheRightToLoadTheGatewayCarriesThePacketsItself() throws IOException {
    try (var echoes = echoes();
        var _ = bench.gatewayBehind(XDP, "setpriv", "--bounding-set=-bpf,-sys_admin")) {
      demandRefused("(EPERM)", "it needs CAP_BPF and CAP_NET_ADMIN: run it as root");
      bench.demandCrossing();
      assertThat(echoes.returned(MANY)).isEqualTo(MANY);
      assertThat(links()).doesNotContain("xdp");
    }
  }

  @Test
  void anotherXdpProgramStaysAndTheGatewaySaysSo() throws IOException {
    try (var echoes = echoes();
        var _ = OtherProgram.at(bench.place(bench.one().gateway()), "wan0");
        var _ = bench.gatewayBehind(XDP)) {
      demandRefused("another XDP program is there", "'ip link show wan0'", "'hook: tc'");
      bench.demandCrossing();
      assertThat(echoes.returned(MANY)).isEqualTo(MANY);
      assertThat(links()).containsOnlyOnce("prog/xdp");
    }
  }

  private void demandRefused(String... reasons) throws IOException {
    var offload = bench.offload(socket());
    assertThat(offload.path("running").asBoolean()).isFalse();
    assertThat(offload.path("reason").asString()).contains(reasons);
  }
}
