package watari.host.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any bytes as a capture file: packets of a possible length, or a sentence that names the file.
final class PcapFuzzTest {
  private static final String HEAD = "d4c3b2a102000400000000000000000000000400";

  @TempDir Path folder = Path.of("");

  static Stream<byte[]> seeds() {
    String packet = "0000000000000000" + "05000000" + "05000000" + "4500000000";
    return Stream.of(
            "",
            "00",
            HEAD + "65000000" + packet + packet,
            HEAD + "65000000" + packet.replace("4500000000", "45"),
            HEAD + "01000000" + packet,
            "a1b2c3d4"
                + "00020004"
                + "0000000000000000"
                + "00040000"
                + "000000e4"
                + "0000000000000000"
                + "00000002"
                + "00000005"
                + "4500",
            "0a0d0d0a1c0000004d3c2b1a")
        .map(HexFormat.of()::parseHex);
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsPacketsOrSaysWhatIsWrong(byte[] input) {
    Path file = folder.resolve("capture");
    try (var reader = new PcapReader(write(file, input))) {
      while (reader.next()) {
        assertThat(reader.length()).isBetween(0, PcapWriter.PACKET_BYTES_MAX);
        boolean _ = reader.isWhole();
      }
    } catch (IOException refused) {
      assertThat(refused.getMessage()).startsWith(file.toString());
    }
  }

  private static Path write(Path file, byte[] input) {
    try {
      return Files.write(file, input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void readsPacketsOrSaysWhatIsWrongNearTheSeeds() {
    Mutations.feed(seeds(), 1000, this::readsPacketsOrSaysWhatIsWrong);
  }
}
