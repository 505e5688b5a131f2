package watari.host.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PcapTest {
  private static final String HEADER = "d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000";
  private static final long MICROS = 1_700_000_000_123_456L;

  @TempDir Path folder;

  private Path file(String hex) throws IOException {
    return Files.write(folder.resolve("in.pcap"), bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  private Pcap open(String hex) throws IOException {
    return Pcap.open(file(hex), folder.resolve("out.pcap"), () -> MICROS);
  }

  @Test
  void writesWhatIsSent() throws Exception {
    try (var pcap = open(HEADER)) {
      assertThat(Packets.send(pcap, 0x45, 3)).isTrue();
      assertThat(Packets.send(pcap, 0x60, 1)).isTrue();
      assertThat(Packets.send(pcap, 0x60, 65536)).isFalse();
      assertThat(pcap.counters().of(DoorCounter.SENT)).isEqualTo(2);
      assertThat(pcap.counters().of(DoorCounter.TOO_LONG)).isOne();
    }
    assertThat(Files.readAllBytes(folder.resolve("out.pcap")))
        .isEqualTo(
            bytes(
                HEADER
                    + "00f15365 40e20100 03000000 03000000 454545"
                    + "00f15365 40e20100 01000000 01000000 60"));
  }

  @Test
  void readsPacketsUntilTheEnd() throws Exception {
    String packet = "00000000 00000000 02000000 02000000 4501";
    try (var pcap = open(HEADER + packet + packet + packet);
        var batch = new Batch(2, 100, 64)) {
      assertThat(pcap.await(-1)).isTrue();
      assertThat(Packets.receive(pcap, batch)).containsExactly(0x45, 0x45);
      assertThat(Packets.receive(pcap, batch)).containsExactly(0x45);
      assertThat(batch.length(0)).isEqualTo(2);
      assertThat(pcap.isAtEnd()).isTrue();
      pcap.wake();
      assertThat(pcap.await(-1)).isFalse();
      assertThat(pcap.await(0)).isFalse();
    }
  }

  @Test
  void readsTheOtherByteOrder() throws Exception {
    String header = "a1b23c4d 0002 0004 00000000 00000000 00040000 000000e5";
    try (var pcap = open(header + "00000000 00000000 00000001 00000001 60");
        var batch = new Batch(2, 100, 64)) {
      assertThat(Packets.receive(pcap, batch)).containsExactly(0x60);
    }
  }

  @Test
  void refusesAndCountsWhatWasCutOrIsTooLong() throws Exception {
    String cut = "00000000 00000000 01000000 02000000 45";
    String tooLong = "00000000 00000000 03000000 03000000 454545";
    String fits = "00000000 00000000 02000000 02000000 6060";
    try (var pcap = open(HEADER + cut + tooLong + fits);
        var batch = new Batch(5, 2, 64)) {
      assertThat(Packets.receive(pcap, batch)).containsExactly(0x60);
      assertThat(pcap.counters().of(DoorCounter.REFUSED)).isOne();
      assertThat(pcap.counters().of(DoorCounter.TOO_LONG)).isOne();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "d4c3b2a1, has less than 24 bytes",
    "0a0d0d0a0200040000000000000000000000040065000000, convert it with editcap -F pcap",
    "000000000200040000000000000000000000040065000000, is no capture file: it begins with 0",
    "d4c3b2a10200040000000000000000000000040001000000, holds frames of link type 1",
  })
  void saysWhyAFileIsNoCapture(String hex, String why) {
    assertThatIOException()
        .isThrownBy(() -> open(hex))
        .withMessageContaining("in.pcap")
        .withMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 01000000, ends within packet 1",
    "00000000 00000000 02000000 02000000 45, ends within packet 1",
    "00000000 00000000 ffffffff ffffffff 45, packet 1 says that it has -1 bytes",
    "00000000 00000000 01000400 01000400 45, packet 1 says that it has 262145 bytes",
  })
  void saysWhereAFileIsDamaged(String hex, String why) throws Exception {
    try (var pcap = open(HEADER + hex);
        var batch = new Batch(2, 100, 64)) {
      assertThatIOException()
          .isThrownBy(() -> pcap.receive(batch))
          .withMessageContaining("in.pcap")
          .withMessageContaining(why);
    }
  }

  @Test
  void aTapWritesBothWaysAndNotWhatWasRefused() throws Exception {
    var file = folder.resolve("tap.pcap");
    try (var pair = Memory.pair(1, 100);
        var tap = new Tap(pair.right(), file, () -> MICROS);
        var batch = new Batch(2, 100, 64)) {
      Packets.send(pair.left(), 0x45, 20);
      assertThat(Packets.receive(tap, batch)).containsExactly(0x45);
      assertThat(Packets.send(tap, 0x60, 40)).isTrue();
      assertThat(Packets.send(tap, 0x61, 40)).as("the door is full").isFalse();
      assertThat(tap.await(0)).isFalse();
      var written = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(written.capacity()).isEqualTo(24 + 16 + 20 + 16 + 40);
      assertThat(written.getInt(24 + 8)).isEqualTo(20);
      assertThat(written.get(24 + 16)).isEqualTo((byte) 0x45);
      assertThat(written.getInt(60 + 8)).isEqualTo(40);
      assertThat(written.get(60 + 16)).isEqualTo((byte) 0x60);
      assertThat(tap.counters().of(DoorCounter.SENT)).isOne();
    }
  }
}
