package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// What a household keeps when its operator changes the file, and when the gateway is killed.
@NeedsNamespaces(programs = {"curl", "setpriv", "socat"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StateTest {

  private static final String FORWARD =
      """
      forwards:
        - {name: web, protocol: tcp, port: 4928, to: 192.168.1.2, toPort: 80}
      """;

  private static final String URL = "http://192.0.2.18:4928/";

  private Neighbourhood neighbourhood;
  private Subscriber home;
  private CrowdServer server;

  @BeforeAll
  void open() throws IOException {
    neighbourhood = Neighbourhood.open(new Topology(1, Layout.RFC7597));
    home = neighbourhood.home(1);
    server = CrowdServer.open(neighbourhood.line().place(home.home()), 1, List.of(80));
    neighbourhood
        .start(Topology.INTERNET, "socat", "-dd", "TCP-LISTEN:7200,fork", "PIPE")
        .awaitPart("listening on", Neighbourhood.PATIENCE);
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    neighbourhood.close();
  }

  @Test
  void aConnectionLivesThroughAReloadThatAddsAForwardAndOneThatTakesItAway() throws IOException {
    var line = neighbourhood.line();
    try (var socket = line.place(home.home()).inside(() -> new Socket("203.0.113.80", 7200));
        var answers =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      demandEcho(socket, answers, "before");
      line.configure(home, FORWARD);
      line.reload(home);
      demandEcho(socket, answers, "with a forward");
      neighbourhood.curl(Topology.INTERNET, URL);
      line.configure(home, "");
      line.reload(home);
      demandEcho(socket, answers, "without it");
      demandClosedToStrangers();
    }
  }

  /// One who has not been there before, so that no session of his is left.
  private void demandClosedToStrangers() throws IOException {
    var before = neighbourhood.counters(home);
    var curl = List.of("curl", "-sS", "--interface", "203.0.113.99", "--max-time", "2", URL);
    var said = neighbourhood.run(Topology.INTERNET, curl.toArray(String[]::new));
    assertThat(said.exit()).isNotZero();
    assertThat(neighbourhood.grown(home, before)).doesNotContainKey("inbound.passed.sent");
  }

  private static void demandEcho(Socket socket, BufferedReader answers, String text)
      throws IOException {
    socket.setSoTimeout((int) Neighbourhood.PATIENCE.toMillis());
    socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(answers.readLine()).isEqualTo(text);
  }

  /// SHR-03
  @Test
  void aForwardIsThereAgainAfterTheGatewayWasKilled() throws IOException {
    var line = neighbourhood.line();
    line.configure(home, FORWARD);
    line.killAndStart(home);
    neighbourhood.curl(Topology.INTERNET, URL);
    line.configure(home, "");
    line.killAndStart(home);
  }
}
