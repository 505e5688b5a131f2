package watari.host.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.wire.Slab;

final class BatchTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 63, 1500, 2048, 65535})
  void framesWithTheirHeadroomAndSlackDoNotTouch(int frameBytes) {
    try (var batch = new Batch(4, frameBytes, 64)) {
      for (int i = 0; i < 4; i++) {
        Slab.fill(batch.at(i) - 64, 64 + frameBytes + 1, i + 1);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(Slab.byteAt(batch.at(i) - 64)).isEqualTo(i + 1);
        assertThat(Slab.byteAt(batch.at(i) + frameBytes)).isEqualTo(i + 1);
        assertThat(batch.at(i) % 8).isZero();
      }
    }
  }

  @Test
  void framesDoNotFallIntoTheSameSetsOfTheCache() {
    try (var batch = new Batch(2, 4096 - 65, 64)) {
      assertThat((batch.at(1) - batch.at(0)) / 64 % 2).isOne();
    }
  }

  @Test
  void countsThePacketsThatADoorAdds() {
    try (var batch = new Batch(2, 100, 64)) {
      assertThat(batch.next()).isEqualTo(batch.at(0));
      batch.add(20);
      assertThat(batch.next()).isEqualTo(batch.at(1));
      assertThat(batch.isFull()).isFalse();
      batch.add(100);
      assertThat(batch.isFull()).isTrue();
      assertThat(batch.count()).isEqualTo(2);
      assertThat(batch.bytes()).isEqualTo(120);
      assertThat(batch.length(1)).isEqualTo(100);
      batch.clear();
      assertThat(batch.count()).isZero();
    }
  }

  @Test
  void givesItsFramesBackOnce() {
    var first = new Batch(3, 777, 64);
    long at = first.at(0);
    first.close();
    first.close();
    try (var second = new Batch(3, 777, 64);
        var third = new Batch(3, 777, 64)) {
      assertThat(second.at(0)).isEqualTo(at);
      assertThat(third.at(0)).isNotEqualTo(at);
    }
  }

  @Test
  void holdsEveryPacketOfItsMtu() {
    try (var line = Batch.ofMtu(1500);
        var large = Batch.ofMtu(65535);
        var beyond = Batch.ofMtu(Integer.MAX_VALUE)) {
      assertThat(line.frameBytes()).isEqualTo(2048);
      assertThat(large.frameBytes()).isEqualTo(65535);
      assertThat(beyond.frameBytes()).isEqualTo(65535);
    }
  }

  @Test
  void refusesNumbersThatCannotBe() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Batch(0, 100, 64));
    assertThatIllegalArgumentException().isThrownBy(() -> new Batch(1, 0, 64));
    assertThatIllegalArgumentException().isThrownBy(() -> new Batch(1, 65536, 64));
    assertThatIllegalArgumentException().isThrownBy(() -> new Batch(1, 100, -8));
    assertThatIllegalArgumentException().isThrownBy(() -> new Batch(1, 100, 63));
  }

  @Test
  void namesPacketsThatLieElsewhereUntilItIsCleared() {
    try (var elsewhere = new Batch(1, 100, 64);
        var batch = new Batch(2, 100, 64)) {
      long frame = batch.at(0);
      batch.addPlace(elsewhere.at(0), 60);
      batch.add(70);
      assertThat(batch.at(0)).isEqualTo(elsewhere.at(0));
      assertThat(batch.length(0)).isEqualTo(60);
      assertThat(batch.segmentBytes(0)).isZero();
      assertThat(batch.bytes()).isEqualTo(130);
      batch.clear();
      assertThat(batch.next()).isEqualTo(frame);
    }
  }
}
