package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Counters;

/// TCP super-packets across the real line, beside small packets, and what is left of them when
/// somebody has turned them off.
@NeedsNamespaces(programs = {"ethtool", "ping", "setpriv", "socat", "tcpdump", "tshark"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SuperPacketsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FILE_BYTES = 4_000_001;
  private static final int FRAMES_MIN = 1000;
  private static final int FRAME_BYTES_MAX = Topology.LINE_MTU + 14;

  /// What tshark says of a checksum that is wrong.
  private static final String WRONG = "0";

  private static final String[] ALL = {"tx", "rx", "tso", "gso", "gro"};

  private Path folder;
  private Line line;
  private Subscriber home;
  private Path file;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    this.folder = folder;
    line = Line.plan(new Topology(1, Layout.RFC7597));
    line.build();
    line.start();
    home = line.topology().subscriber(1);
    byte[] bytes = new byte[FILE_BYTES];
    new SplittableRandom(7597).nextBytes(bytes);
    file = Files.write(folder.resolve("file"), bytes);
  }

  @AfterAll
  void end() throws IOException {
    line.close();
  }

  @Test
  void filesArriveWholeAndTheLineCarriesSegmentsWithRightChecksums() throws IOException {
    var gateway = counters();
    var relay = Counters.parse(line.relayCounters());
    demandRight(seen(Topology.ACCESS, "relay0", "ip6 proto 4"));
    assertThat(counters().since(gateway)).containsKeys("device.superReceived", "device.superSent");
    assertThat(Counters.parse(line.relayCounters()).since(relay))
        .containsKeys("device.superReceived", "device.superSent");
  }

  @Test
  void aHomeThatCutsItselfSeesRightChecksumsAsWell() throws IOException {
    turn("off", home.home(), "lan0", ALL);
    turn("off", home.gateway(), "lan0", ALL);
    try {
      var before = counters();
      demandRight(seen(home.home(), "lan0", "ip"));
      assertThat(counters().since(before))
          .doesNotContainKey("device.superReceived")
          .containsKey("device.superSent");
    } finally {
      turn("on", home.gateway(), "lan0", ALL);
      turn("on", home.home(), "lan0", ALL);
    }
  }

  @Test
  void theKernelCutsForADeviceThatMayNotHandOverSuperPackets() throws IOException {
    turn("off", home.gateway(), "watari0", "tso");
    try {
      var before = counters();
      demandRight(seen(Topology.ACCESS, "relay0", "ip6 proto 4"));
      assertThat(counters().since(before)).doesNotContainKey("device.superReceived");
    } finally {
      turn("on", home.gateway(), "watari0", "tso");
    }
  }

  private Counters counters() throws IOException {
    return Counters.parse(line.gatewayCounters(home));
  }

  private void turn(String way, String node, String device, String... features) throws IOException {
    var command = new ArrayList<>(List.of("ethtool", "-K", device));
    for (var feature : features) {
      command.addAll(List.of(feature, way));
    }
    Finished.demand(line.place(node).command(command), "");
  }

  /// Carries the file both ways, and pings meanwhile.
  ///
  /// @return what an interface saw of it
  private Path seen(String node, String device, String filter) throws IOException {
    var capture = folder.resolve("capture.pcap");
    try (var watch =
            run(node, "tcpdump", "-n", "-i", device, "-B8192", "-w", capture.toString(), filter);
        var ping = run(home.home(), "ping", "-n", "-i0.01", "-c500", Topology.INTERNET_IPV4)) {
      watch.awaitPart("listening on", PATIENCE);
      ping.awaitPart("bytes from", PATIENCE);
      carryOut();
      carryIn();
    }
    return capture;
  }

  private void carryOut() throws IOException {
    var arrived = folder.resolve("out");
    try (var server = run(Topology.INTERNET, socat("TCP-LISTEN:9100,reuseaddr", to(arrived)))) {
      server.awaitPart("listening on", PATIENCE);
      demand(home.home(), socat("OPEN:" + file, "TCP:" + Topology.INTERNET_IPV4 + ":9100"));
      assertThat(server.ended(PATIENCE)).isZero();
    }
    assertThat(Files.mismatch(file, arrived)).isNegative();
  }

  private void carryIn() throws IOException {
    var arrived = folder.resolve("in");
    try (var server = run(Topology.INTERNET, socat("OPEN:" + file, "TCP-LISTEN:9100,reuseaddr"))) {
      server.awaitPart("listening on", PATIENCE);
      demand(home.home(), socat("TCP:" + Topology.INTERNET_IPV4 + ":9100", to(arrived)));
      assertThat(server.ended(PATIENCE)).isZero();
    }
    assertThat(Files.mismatch(file, arrived)).isNegative();
  }

  private static String to(Path arrived) {
    return "OPEN:" + arrived + ",creat,trunc";
  }

  /// Says when it listens, and carries one way.
  private static String[] socat(String from, String to) {
    return new String[] {"socat", "-d", "-d", "-u", from, to};
  }

  private Running run(String node, String... program) throws IOException {
    return Running.start(program[0], line.place(node).command(List.of(program)));
  }

  private void demand(String node, String... program) throws IOException {
    Finished.demand(line.place(node).command(List.of(program)), "");
  }

  private static void demandRight(Path capture) throws IOException {
    var command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
    command.addAll(List.of("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"));
    command.addAll(List.of("-T", "fields", "-E", "separator=,", "-e", "frame.len"));
    for (var protocol : List.of("ip", "tcp", "icmp")) {
      command.addAll(List.of("-e", protocol + ".checksum.status"));
    }
    var frames = Finished.demand(command, "").lines().filter(frame -> frame.contains(","));
    var fields = frames.map(frame -> List.of(frame.split(",", -1))).toList();
    assertThat(fields)
        .hasSizeGreaterThan(FRAMES_MIN)
        .allSatisfy(frame -> {
          assertThat(Integer.parseInt(frame.getFirst())).isLessThanOrEqualTo(FRAME_BYTES_MAX);
          assertThat(frame.subList(1, frame.size())).doesNotContain(WRONG);
        });
  }
}
