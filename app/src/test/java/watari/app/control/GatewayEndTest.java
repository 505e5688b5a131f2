package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GatewayEndTest {
  @Test
  void advisesFewerSessionsThatFitIntoTheMemory() {
    assertThat(GatewayEnd.affordable(4_000_000, 64L << 20)).isEqualTo(131_072);
    assertThat(GatewayEnd.affordable(131_072, 64L << 20)).isEqualTo(65_536);
    assertThat(GatewayEnd.affordable(1024, 1 << 20)).isEqualTo(1024);
  }
}
