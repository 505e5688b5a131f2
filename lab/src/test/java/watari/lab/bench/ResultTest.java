package watari.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultTest {
  private static Result measured(double target) {
    var versus = new Versus("down, 64 bytes & more", "Mpps");
    versus.add(6, 2);
    versus.add(9, 3);
    versus.add(8, 2);
    return new Result(Map.of("direction", "down", "size", 64), versus, target);
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
    assertThat(values.get("watari")).isEqualTo(Map.of("mpps", 8.0, "least", 6.0, "most", 9.0));
    assertThat(values.get("kernel")).isEqualTo(Map.of("mpps", 2.0, "least", 2.0, "most", 3.0));
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
    assertThat(folder.resolve("docs/relay.md")).content().contains("| **3.00 (3.00-4.00)** |");
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
        .isEqualTo(Map.of("p50", 10.0, "p99", 19.0, "p99.9", 108.0));
  }

  @Test
  void readsTheResidentMemoryOfAProcess() throws IOException {
    assertThat(Start.kibibytes(List.of("VmPeak:  9 kB", "VmRSS:\t   61234 kB"))).isEqualTo(61234);
    assertThatIOException().isThrownBy(() -> Start.kibibytes(List.of("Name: java")));
  }
}
