package watari.lab.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class SinkTest {
  /// proc_net_dev(5); the kernel pads with spaces, and not after the name.
  private static final String DEVICES =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
          lo:    7000      70    0    0    0     0          0         0     7000      70    0
      xhome1:    1000      10    0    0    0     0          0         0     1000      10    0
       home1:  991234   12345    0    0    0     0          0         0      888       8    0
      """;

  private static long packets(String name) throws IOException {
    return Sink.packets(ByteBuffer.wrap(DEVICES.getBytes(US_ASCII)), name.getBytes(US_ASCII));
  }

  @Test
  void readsThePacketsAnInterfaceReceived() throws Exception {
    assertThat(packets("home1:")).isEqualTo(12345);
    assertThat(packets("xhome1:")).isEqualTo(10);
    assertThat(packets("lo:")).isEqualTo(70);
  }

  @Test
  void saysThatTheInterfaceIsGone() {
    assertThatIOException().isThrownBy(() -> packets("wan0:")).withMessageContaining("interface");
  }

  @Test
  void readsTheCounterThatNftPrints() throws Exception {
    var json =
        """
        {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
          {"counter": {"family": "netdev", "name": "arrived", "table": "watari_bench_home1",
                       "handle": 1, "packets": 987654321012, "bytes": 5}}]}
        """;
    assertThat(Sink.packets(json)).isEqualTo(987_654_321_012L);
  }

  @Test
  void saysThatNftPrintedNoCounter() {
    assertThatIOException().isThrownBy(() -> Sink.packets("{\"nftables\": []}"));
    assertThatIOException().isThrownBy(() -> Sink.packets("Error: No such file"));
  }
}
