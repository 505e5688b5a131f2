package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VersusTest {
  private static Versus measured() {
    var versus = new Versus("TCP in", "Gbit/s");
    versus.add(1, 4);
    versus.add(3, 4);
    versus.add(2, 5);
    return versus;
  }

  @Test
  void comparesWithinARound() {
    assertThat(measured().ratio().median()).isEqualTo(0.4);
    assertThat(measured().ratio().most()).isEqualTo(0.75);
  }

  @Test
  void writesMedianAndSpread() {
    assertThat(measured().line())
        .startsWith("TCP in ")
        .contains("2.000 (1.000 to 3.000)", "4.000 (4.000 to 5.000)", "0.40 (0.25 to 0.75)");
  }

  @Test
  void writesEveryRoundAsJson() {
    assertThat(measured().values())
        .containsEntry("watari", List.of(1.0, 3.0, 2.0))
        .containsEntry("ratioLeast", 0.25);
  }

  @Test
  void readsWhatTheReceiverOfIperf3Got() throws IOException {
    var json = "{\"end\": {\"sum_received\": {\"bits_per_second\": 2.5e9}}}";
    assertThat(StreamServer.received(json)).isEqualTo(2.5);
    assertThatIOException().isThrownBy(() -> StreamServer.received("{\"error\": \"refused\"}"));
    assertThatIOException().isThrownBy(() -> StreamServer.received("iperf3: refused"));
  }
}
