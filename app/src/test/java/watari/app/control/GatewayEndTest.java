package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import watari.core.path.FragmentSettings;

final class GatewayEndTest {
  @Test
  void advisesFewerSessionsThatFitIntoTheMemory() {
    assertThat(GatewayEnd.affordable(4_000_000, 64L << 20)).isEqualTo(131_072);
    assertThat(GatewayEnd.affordable(131_072, 64L << 20)).isEqualTo(65_536);
    assertThat(GatewayEnd.affordable(1024, 1 << 20)).isEqualTo(1024);
  }

  /// FRG-18
  @Test
  void refusesMoreMemoryForFragmentsThanThereIs() {
    var many = new FragmentSettings(64 << 20, false);
    assertThat(GatewayEnd.fragmentsTooLarge(many, 256L << 20)).isEmpty();
    assertThat(GatewayEnd.fragmentsTooLarge(many, 128L << 20).orElseThrow().sentence())
        .isEqualTo(
            "there is not enough memory for fragments of 64 MiB; lower memoryMiB to 32, or give"
                + " Java more with -Xmx");
    assertThat(GatewayEnd.fragmentsTooLarge(FragmentSettings.DEFAULT, 1 << 20)).isEmpty();
  }
}
