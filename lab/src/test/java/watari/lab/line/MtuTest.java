package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.lab.NeedsNamespaces;

/// A line that becomes narrower and wide again, with traffic on it. Nothing may vanish without a
/// word.
@NeedsNamespaces(programs = {"cat", "ping", "setpriv", "socat"})
final class MtuTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ECHO_PORT = 7777;
  private static final int BYTES = 2_000_000;
  private static final int PING_HEADERS = 28;
  private static final int WIDEST_PING = Topology.LINE_MTU - 40 - PING_HEADERS;
  private static final Pattern REPORT = Pattern.compile("mtu ?= ?(\\d+)");
  private static final int REPORTS_MAX = 3;

  private final Topology topology = new Topology(1, Layout.RFC7597);
  private final Subscriber one = topology.subscriber(1);

  /// In the middle, a router reports what does not fit; at an end, our own kernel does.
  ///
  /// TUN-11, TUN-12, TUN-14, TUN-20, TUN-30, MAPE-49, FRG-19, ICMP-16, ICMP-17, UDP-20, UDP-21
  @ParameterizedTest
  @CsvSource({"access, relay0, relay, line0", "access, home1, gateway1, wan0"})
  void nothingVanishesWithoutAWordOnALineThatGrowsNarrowAndWideAgain(
      String near, String nearDevice, String far, String farDevice) throws IOException {
    try (var line = Line.plan(topology)) {
      line.build();
      line.start();
      try (var _ = echoServer(line);
          var connection = connect(line)) {
        for (int mtu : new int[] {1500, 1454, 1280, 1500}) {
          narrow(line, near, nearDevice, mtu);
          narrow(line, far, farDevice, mtu);
          demandEverything(line, connection, Math.min(mtu, WIDEST_PING + PING_HEADERS + 40));
        }
      }
    }
  }

  /// The echo is a process of its own. socat's `PIPE` would be both ends of one pipe, and stops for
  /// ever when it writes more than there is room for, as nobody else reads.
  private static Running echoServer(Line line) throws IOException {
    var program =
        List.of("socat", "-d", "-d", "TCP-LISTEN:" + ECHO_PORT + ",reuseaddr,fork", "EXEC:cat");
    var server = Running.start("socat", line.place(Topology.INTERNET).command(program));
    server.awaitPart("listening on", PATIENCE);
    return server;
  }

  private Socket connect(Line line) throws IOException {
    var socket = line.place(one.home()).inside(() -> new Socket(Topology.INTERNET_IPV4, ECHO_PORT));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static void narrow(Line line, String node, String device, int mtu) throws IOException {
    var program = List.of("ip", "link", "set", device, "mtu", Integer.toString(mtu));
    Finished.demand(line.place(node).command(program), "");
  }

  /// An old connection goes on while pings find what fits, and a new one is as good.
  private void demandEverything(Line line, Socket connection, int mtu) throws IOException {
    var transfer = new FutureTask<Void>(() -> demandEcho(connection));
    Thread.ofVirtual().name("transfer").start(transfer);
    demandWidestPing(line, mtu);
    await(transfer, mtu);
    demandFragmentedPings(line, mtu);
    demandNewConnection(line);
  }

  private static void await(FutureTask<Void> transfer, int mtu) throws IOException {
    try {
      transfer.get();
    } catch (ExecutionException failed) {
      throw new IOException("the connection at " + mtu + " bytes", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /// Sends bytes of which each comes back.
  private static Void demandEcho(Socket connection) throws IOException {
    var sent = new byte[BYTES];
    new SplittableRandom(1).nextBytes(sent);
    var writing =
        new FutureTask<Void>(() -> {
          connection.getOutputStream().write(sent);
          return null;
        });
    Thread.ofVirtual().name("writing").start(writing);
    byte[] received = connection.getInputStream().readNBytes(BYTES);
    assertThat(Arrays.equals(received, sent)).as("what came back").isTrue();
    return null;
  }

  /// Of three pings one is answered or hears what would fit; and what would fit is answered. A
  /// first one may hear nothing, since the connection beside it uses up what reports a host gets a
  /// second.
  private void demandWidestPing(Line line, int mtu) throws IOException {
    int size = WIDEST_PING;
    for (int reports = 0; reports <= REPORTS_MAX; reports++) {
      var output = ping(line, "-c3", "-i0.3", "-W2", "-Mdo", "-s" + size);
      if (!output.contains(" 0 received")) {
        assertThat(size + PING_HEADERS + 40).as("what passed").isLessThanOrEqualTo(mtu);
        return;
      }
      var report = REPORT.matcher(output);
      assertThat(report.find()).as("a word at %d bytes: %s", mtu, output).isTrue();
      size = Integer.parseInt(report.group(1)) - PING_HEADERS;
    }
    throw new AssertionError("no ping of any size passed at " + mtu + " bytes");
  }

  /// What may be cut is: the first may be lost where a link has just become narrower.
  private void demandFragmentedPings(Line line, int mtu) throws IOException {
    ping(line, "-c2", "-i0.2", "-W1", "-Mdont", "-s4000");
    assertThat(ping(line, "-c3", "-i0.1", "-W5", "-Mdont", "-s4000"))
        .as("fragments at %d bytes", mtu)
        .contains("3 received");
  }

  private String ping(Line line, String... options) throws IOException {
    var program = new ArrayList<>(List.of("ping", "-n"));
    program.addAll(List.of(options));
    program.add(Topology.INTERNET_IPV4);
    return Finished.run(line.place(one.home()).command(program)).output();
  }

  private void demandNewConnection(Line line) throws IOException {
    try (var connection = connect(line)) {
      demandEcho(connection);
    }
  }
}
