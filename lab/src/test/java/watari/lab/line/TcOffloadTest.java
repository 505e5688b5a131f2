package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.host.kernel.Bpf.Hook;
import watari.lab.NeedsNamespaces;

/// The relay's usual packets, carried at traffic control between interfaces that hand over
/// super-packets with open checksums, as virtual ones do.
@NeedsNamespaces(programs = {"curl", "iperf3", "ping", "setpriv"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TcOffloadTest {
  private static final int PORT = 9200;
  private static final int DATAGRAMS = 20;
  private static final int FITTING_BYTES = 1000;

  /// With its headers as long as the line carries, but not in a tunnel.
  private static final int TOO_LONG_BYTES = Topology.LINE_MTU - 28;

  private OffloadedLine line;

  @BeforeAll
  void start() throws IOException {
    line = new OffloadedLine();
    line.at(line.home(), "ping", "-nc1", "-W5", Topology.INTERNET_IPV4);
  }

  @AfterAll
  void end() throws IOException {
    line.close();
  }

  @Test
  void superPacketsOfTcpCrossWhole() throws IOException {
    try (var _ = line.attached(Hook.TC)) {
      var before = line.byJava();
      long bytes = sent("bytes");
      long packets = sent("packets");
      line.iperf().run("-t1", "-R");
      bytes = sent("bytes") - bytes;
      packets = sent("packets") - packets;
      assertThat(bytes).isGreaterThan(1_000_000).isGreaterThan(packets * 4 * Topology.LINE_MTU);
      var grown = line.byJava().since(before);
      assertThat(grown.get("downstream.passed.sent")).isBetween(1L, 200L);
      assertThat(grown.get("upstream.passed.sent")).isBetween(1L, 200L);
    }
  }

  /// What the relay has sent to the line, a super-packet counting as one.
  private long sent(String unit) throws IOException {
    var file = "/sys/class/net/" + Topology.RELAY_LINE + "/statistics/tx_" + unit;
    return Long.parseLong(line.at(Topology.RELAY, "cat", file).strip());
  }

  @Test
  void superPacketsOfUdpCrossWhole() throws IOException {
    try (var _ = line.attached(Hook.TC)) {
      long before = line.sentDown();
      demandAll(FITTING_BYTES);
      assertThat(line.sentDown()).isEqualTo(before + 1);
    }
  }

  @Test
  void superPacketsWhosePiecesDoNotFitAreJavas() throws IOException {
    try (var _ = line.attached(Hook.TC)) {
      long before = line.sentDown();
      demandAll(TOO_LONG_BYTES);
      assertThat(line.sentDown()).isEqualTo(before);
    }
  }

  /// Sends datagrams to the home as one super-packet, and demands that each arrives as it was.
  private void demandAll(int bytesEach) throws IOException {
    var internet = line.line().place(Topology.INTERNET);
    var expected = new ArrayList<byte[]>();
    try (var home = line.line().place(line.home()).inside(() -> new DatagramSocket());
        var server = internet.inside(() -> new SuperSocket(PORT))) {
      home.setSoTimeout((int) Workbench.PATIENCE.toMillis());
      home.connect(InetAddress.getByName(Topology.INTERNET_IPV4), PORT);
      home.send(new DatagramPacket(new byte[1], 1));
      internet.inside(() -> {
        server.listen();
        server.send(datagrams(bytesEach, expected), bytesEach);
        return server;
      });
      for (byte[] one : expected) {
        assertThat(received(home)).isEqualTo(one);
      }
    }
  }

  private static byte[] datagrams(int bytesEach, List<byte[]> each) {
    byte[] all = new byte[DATAGRAMS * bytesEach];
    for (int datagram = 0; datagram < DATAGRAMS; datagram++) {
      Arrays.fill(all, datagram * bytesEach, (datagram + 1) * bytesEach, (byte) (datagram + 1));
      each.add(Arrays.copyOfRange(all, datagram * bytesEach, (datagram + 1) * bytesEach));
    }
    return all;
  }

  private static byte[] received(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[2048], 2048);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  @Test
  void unusualPacketsAreJavas() throws IOException {
    try (var _ = line.attached(Hook.TC)) {
      var before = line.byJava();
      long carried = line.sentUp() + line.sentDown();
      line.at(line.home(), "ping", "-nc3", "-i0.1", "-s3000", Topology.INTERNET_IPV4);
      assertThat(line.sentUp() + line.sentDown()).isEqualTo(carried);
      var grown = line.byJava().since(before);
      assertThat(grown.get("upstream.passed.sent")).isGreaterThanOrEqualTo(3);
      assertThat(grown.get("downstream.passed.sent")).isGreaterThanOrEqualTo(3);
    }
  }
}
