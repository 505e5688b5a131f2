package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultTest {
  private static Result measured(double target) {
    var versus = new Versus("down, 64 bytes & more", "Mpps");
    versus.add(6, 2);
    versus.add(9, 3);
    versus.add(8, 2);
    var facets = new LinkedHashMap<String, Object>();
    facets.put("size", 64);
    facets.put("door", "programs");
    facets.put("direction", "down");
    return new Result(facets, versus, target);
  }

  @Test
  void saysWhetherTheTargetIsMet() {
    assertThat(measured(3).line()).endsWith(">= 3.0 met");
    assertThat(measured(3.1).line()).endsWith(">= 3.1 missed");
    assertThat(measured(0).line()).doesNotContain("met", "missed");
  }

  @Test
  void namesSizeAndDirectionBesideTheRates() {
    var values = measured(3).values();
    assertThat(values)
        .containsEntry("size", 64)
        .containsEntry("direction", "down")
        .containsEntry("rounds", 3)
        .containsEntry("ratio", 3.0)
        .containsEntry("ratioMost", 4.0);
    assertThat(values.get("watari"))
        .isEqualTo(Map.of("mpps", 8.0, "least", 6.0, "most", 9.0, "lostOfMillion", 0L));
    assertThat(values.get("kernel"))
        .isEqualTo(Map.of("mpps", 2.0, "least", 2.0, "most", 3.0, "lostOfMillion", 0L));
  }

  @Test
  void tellsTheSameFiguresInTheSameOrderEachTime() {
    assertThat(measured(3).values().keySet())
        .startsWith("size", "door", "direction", "rounds", "watari", "kernel", "ratio");
  }

  @Test
  void saysHowManyPacketsNeverArrived() {
    var versus = new Versus("down", "Mpps");
    versus.add(new Measurement(1000, 998, 1000), new Measurement(2000, 2000, 1000));
    var row = new Result(Map.of(), versus, 0);
    assertThat(row.line()).endsWith("lost of a million: 2,000 / 0");
    assertThat(row.markdown()).endsWith("| 2,000 / 0 |");
    assertThat(measured(3).line()).doesNotContain("lost");
  }

  @Test
  void writesAPageWithItsChartAndItsRows(@TempDir Path folder) throws IOException {
    var row = measured(3);
    var page =
        new Page(
            "A title",
            List.of("As it was."),
            List.of(row.markdown()),
            List.of(row.versus()),
            List.of(row.values()));
    Page.write(folder.resolve("docs"), "relay", page);
    assertThat(folder.resolve("docs/relay.md")).content().contains("| **3.00 (3.00 to 4.00)** |");
    assertThat(folder.resolve("docs/relay.json")).content().contains("\"mpps\" : 8.0");
    assertThat(Files.readString(folder.resolve("docs/relay.svg")))
        .startsWith("<svg ")
        .contains("64 bytes &amp; more", "prefers-color-scheme: dark", "width=\"373.3\"")
        .doesNotContain("& more", "%");
  }

  @Test
  void comparesDelaysWithinARound() {
    var delay = new Delay("TUN", true);
    delay.add(new double[] {20, 30, 120}, new double[] {11, 12, 13});
    delay.add(new double[] {21, 31, 121}, new double[] {11, 12, 13});
    delay.add(new double[] {25, 35, 125}, new double[] {14, 12, 13});
    assertThat(delay.line()).contains("TUN up", "<= 10 met", "<= 100 missed");
    assertThat(delay.values().get("added"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("p50", 10.0)
        .containsEntry("p50Least", 9.0)
        .containsEntry("p50Most", 11.0)
        .containsEntry("p50Target", 10.0)
        .containsEntry("p50Met", true)
        .containsEntry("p99", 19.0)
        .doesNotContainKey("p99Target")
        .containsEntry("p99.9Met", false);
  }

  @Test
  void doesNotPassOffTheEndOfItsScaleAsADelay() {
    var delay = new Delay("TUN", false);
    delay.add(new double[] {20, 30, Double.POSITIVE_INFINITY}, new double[] {20.5, 12, 13});
    assertThat(delay.line())
        .contains("over 26214 (over 26214 to over 26214)", "-0.5 (-0.5 to -0.5)", "missed");
    assertThat(delay.values().get("watari"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("p99.9", null);
  }

  @Test
  void namesThePacketsThatWereLostInTheDocsToo() {
    var delay = new Delay("TUN", false);
    delay.add(new double[] {1, 2, 3}, new double[] {1, 2, 3});
    delay.lose(12_345);
    assertThat(delay.markdown()).contains("| 12,345 |");
  }

  @Test
  void tellsOfAStartWhoseItIsAndWhetherItIsSoonEnough() {
    var start = new Start("gateway", figures(0.2, 0.2, 0.9), figures(65, 65, 65));
    assertThat(start.lines())
        .containsExactly(
            "gateway, start to first packet: 0.20 (0.20 to 0.90) s, <= 0.25 met",
            "gateway, resident memory at rest: 65 (65 to 65) MiB, <= 64 missed");
    assertThat(start.values().getLast().toString())
        .startsWith("{name=resident memory at rest, whose=gateway, unit=MiB, median=65.0,")
        .endsWith("target=64.0, met=false}");
  }

  private static Figures figures(double... samples) {
    return Figures.ofSamples(samples);
  }

  @Test
  void readsTheResidentMemoryOfAProcess() throws IOException {
    assertThat(Start.kibibytes(List.of("VmPeak:  9 kB", "VmRSS:\t   61234 kB"))).isEqualTo(61234);
    assertThatIOException().isThrownBy(() -> Start.kibibytes(List.of("Name: java")));
  }
}
