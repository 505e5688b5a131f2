package watari.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any bytes as the leases of a DHCP server: nobody leaves who was not there before.
final class DhcpClientsFuzzTest {
  private static final String LEASES =
      """
      1764072000 02:00:00:00:00:02 192.168.1.50 console 01:02:00:00:00:00:02
      1764072000 02:00:00:00:00:03 192.168.1.51 * *
      duid 00:01:00:01:2a:00:00:00:02:00:00:00:00:01
      """;

  @TempDir Path folder = Path.of("");

  static Stream<byte[]> seeds() {
    return Stream.of("", "1", LEASES, LEASES.lines().findFirst().orElseThrow())
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void nobodyLeavesWhoWasNotThere(byte[] input) {
    var clients = new DhcpClients(write(input));
    assertThat(clients.left()).isEmpty();
    assertThat(clients.left()).isEmpty();
    write(new byte[0]);
    assertThat(clients.left()).isEmpty();
    long lines = new String(input, UTF_8).chars().filter(one -> one == '.').count() / 3;
    assertThat(clients.left()).hasSizeLessThanOrEqualTo((int) lines).doesNotHaveDuplicates();
  }

  private Path write(byte[] input) {
    try {
      return Files.write(folder.resolve("leases"), input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void nobodyLeavesWhoWasNotThereNearTheSeeds() {
    Mutations.feed(seeds(), 1000, this::nobodyLeavesWhoWasNotThere);
  }
}
