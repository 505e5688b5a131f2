package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import watari.lab.NeedsNamespaces;
import watari.lab.proof.Stage;

/// A line in the layout of draft-ietf-softwire-map-03, which lines in Japan have.
@NeedsNamespaces(programs = {"curl", "ping", "setpriv"})
final class DraftLineTest {

  /// MAPE-28
  @Test
  void pingAndCurlCrossALineOfTheOldLayout() throws IOException {
    var topology = new Topology(1, Layout.DRAFT03);
    var one = topology.subscriber(1);
    try (var line = Line.plan(topology)) {
      line.build();
      line.start();
      try (var _ = Stage.open(line)) {
        var home = line.place(one.home());
        var curl = Finished.run(home.command(List.of("curl", "-sS", "http://203.0.113.80/")));
        assertThat(curl.output()).startsWith(one.ipv4() + ":");
        var ping = Finished.run(home.command(List.of("ping", "-nc2", "-i0.1", "203.0.113.80")));
        assertThat(ping.output()).contains("2 received, 0% packet loss");
        assertThat(line.gatewayStatus(one)).contains("2001:db8:12:3400:c0:2:1200:3400");
      }
    }
  }
}
