package watari.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Line;
import watari.lab.line.Topology;

/// A line whose domain is a mesh: gateways find each other by the rule.
@NeedsNamespaces(programs = {"curl", "setpriv"})
final class MeshTest {

  /// MAPE-10, MAPE-11, MAPE-44: neighbours directly, everybody else by way of the relay.
  @Test
  void neighboursTalkDirectlyAndTheInternetIsReachedByTheRelay() throws IOException {
    try (var line = Line.plan(new Topology(2, Layout.RFC7597, true))) {
      line.build();
      line.start();
      try (var stage = Stage.open(line)) {
        assertThat(HttpSteps.outwards(stage, stage.subscriber(1)))
            .isInstanceOf(Outcome.Shown.class);
        assertThat(UdpSteps.neighbours(stage)).isInstanceOf(Outcome.Shown.class);
        assertThat(AccessSteps.falseRelayIsNotHeard(stage)).isInstanceOf(Outcome.Shown.class);
        assertThat(line.gatewayStatus(stage.subscriber(1))).contains("\"mode\" : \"mesh\"");
      }
    }
  }
}
