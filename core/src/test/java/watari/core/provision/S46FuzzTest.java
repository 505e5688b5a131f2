package watari.core.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any bytes as the options of a DHCPv6 server: options, or a sentence with the place of the first
/// byte that is wrong.
final class S46FuzzTest {
  private static final String RELAY = "005a001020010db8ffff00000000000000000001";
  private static final String RULE = "00590015001018c00002002820010db800005d000406000000";

  static Stream<byte[]> seeds() {
    return Stream.of(
            "",
            "00",
            RELAY,
            RULE,
            "005d00040607fe00",
            "0059000d001018c00002002820010db800",
            "005e0039" + RULE + RELAY,
            "005e0025" + "0059000d001018c00002002820010db800" + RELAY,
            "005f0004005a0000",
            "0060000c005b00080020010db8005d0000")
        .map(HexFormat.of()::parseHex);
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsOptionsOrSaysWhatIsWrong(byte[] input) {
    switch (S46Reader.read(input)) {
      case S46Reading.Options options -> assertThat(options.options()).doesNotContainNull();
      case S46Reading.Malformed malformed -> {
        assertThat(malformed.offset()).isBetween(0, input.length);
        assertThat(malformed.sentence()).isNotBlank();
      }
    }
  }

  @Test
  void readsOptionsOrSaysWhatIsWrongNearTheSeeds() {
    Mutations.feed(seeds(), 200_000, this::readsOptionsOrSaysWhatIsWrong);
  }
}
