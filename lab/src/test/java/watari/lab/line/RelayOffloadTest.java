package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.host.kernel.Bpf.Hook;
import watari.lab.NeedsNamespaces;
import watari.lab.Until;

/// The relay's usual packets, carried by the kernel of a line that works without it too.
@NeedsNamespaces(programs = {"curl", "ethtool", "iperf3", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RelayOffloadTest {
  private static final int TURNS = 5;

  private OffloadedLine line;

  @BeforeAll
  void start() throws IOException {
    line = new OffloadedLine();
    // The other end of a pair takes frames from a program only so.
    line.at(Topology.ACCESS, "ethtool", "-K", "relay0", "gro", "on");
    line.at(Topology.INTERNET, "ethtool", "-K", "net0", "gro", "on");
    // A card would have finished the checksums that a pair leaves open, and a program cannot.
    line.at(Topology.INTERNET, "ethtool", "-K", "net0", "tx", "off");
  }

  @AfterAll
  void end() throws IOException {
    line.close();
  }

  @Test
  void theKernelCarriesUsualPacketsAndJavaTheOthers() throws IOException {
    line.at(line.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    try (var _ = line.attached(Hook.XDP)) {
      var before = line.byJava();
      line.iperf().run("-t1");
      line.iperf().run("-t1", "-R");
      line.iperf().run("-t1", "-u", "-b20M", "-l1200");
      assertThat(line.sentUp()).isGreaterThan(5_000);
      assertThat(line.sentDown()).isGreaterThan(5_000);
      line.at(line.home(), "ping", "-nc3", "-i0.1", Topology.INTERNET_IPV4);
      var grown = line.byJava().since(before);
      assertThat(grown.get("upstream.passed.sent")).isBetween(3L, 200L);
      assertThat(grown.get("downstream.passed.sent")).isBetween(3L, 200L);
    }
    line.iperf().run("-t1");
  }

  /// A router that only programs send by would not be asked any more whether it is there.
  @Test
  void theKernelMakesSureOfARouterThatOnlyTheOffloadSendsBy() throws IOException {
    var router =
        line.at(Topology.RELAY, "ip", "-6", "route", "show", "2001:db8::/32").split(" ", -1)[2];
    line.at(line.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    for (String state : List.of("stale", "permanent")) {
      line.at(
          Topology.RELAY,
          "ip",
          "neigh",
          "change",
          router,
          "dev",
          Topology.RELAY_LINE,
          "nud",
          state);
      try (var _ = line.attached(Hook.XDP)) {
        var now = line.at(Topology.RELAY, "ip", "-6", "neigh", "show", router);
        assertThat(now).doesNotContain("STALE");
        assertThat(now.contains("PERMANENT")).isEqualTo(state.equals("permanent"));
      }
    }
    line.at(
        Topology.RELAY,
        "ip",
        "neigh",
        "change",
        router,
        "dev",
        Topology.RELAY_LINE,
        "nud",
        "stale");
  }

  /// The kernel answers, and whoever sends them hears of it.
  @Test
  void aDatagramTooLongForTheInternetsSideIsAnswered() throws IOException {
    line.at(Topology.RELAY, "ip", "link", "set", "net0", "mtu", "1400");
    line.at(line.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    try (var _ = line.attached(Hook.XDP)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> line.iperf().run("-t1", "-u", "-b10M", "-l1420"))
          .withMessageContaining("Message too long");
    } finally {
      line.at(Topology.RELAY, "ip", "link", "set", "net0", "mtu", "1500");
      line.at(line.home(), "ip", "route", "flush", "cache");
    }
  }

  /// Without a program or GRO behind it the end of a pair takes no frame from a program at the
  /// driver, as a VLAN or a bridge takes none: it would be lost.
  @Test
  void whatLeavesByADeviceThatTakesNoFramesIsTheKernels() throws IOException {
    var internet = line.line().place(Topology.INTERNET);
    String there = internet.namespace();
    line.at(
        Topology.RELAY,
        ("ip link add beside0 type veth peer name beside0 netns " + there).split(" ", -1));
    beside(Topology.RELAY, "131.0.5.1/24");
    beside(Topology.INTERNET, "131.0.5.2/24");
    line.at(line.home(), "ping", "-nc1", "-W5", "131.0.5.2");
    try (var _ = line.attached(Hook.XDP)) {
      new Iperf(line.line().place(line.home()), internet, "131.0.5.2").run("-n", "1M");
    } finally {
      line.at(Topology.RELAY, "ip", "link", "del", "beside0");
    }
  }

  private void beside(String node, String address) throws IOException {
    line.at(node, "ip", "address", "add", address, "dev", "beside0");
    line.at(node, "ip", "link", "set", "beside0", "up");
  }

  /// A stream and datagrams go on while Java and the kernel take turns. A pair that gets or loses a
  /// program throws away what it has in hand.
  @Test
  void flowsLiveThroughTheOffloadComingAndGoing() throws IOException {
    line.at(line.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
    try (var stream = line.iperf().begin("5201");
        var datagrams = line.iperf().begin("5202", "-u", "-b10M", "-l1000")) {
      for (int turn = 0; turn < TURNS; turn++) {
        long before = line.sentUp();
        try (var _ = line.attached(Hook.XDP)) {
          Until.seen("that the kernel carries", () -> line.sentUp() >= before + 1_000);
        }
        long seen = sentByJava();
        Until.seen("that Java carries", () -> sentByJava() >= seen + 1_000);
      }
      stream.end();
      assertThat(datagrams.endLost()).isLessThan(5);
    }
  }

  private long sentByJava() throws IOException {
    var counted = line.byJava().values();
    return Objects.requireNonNull(counted.get("upstream.passed.sent"));
  }
}
