package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FragmentMemoryTest {
  private final FragmentMemory memory = new FragmentMemory(FragmentMemory.LEAST_BYTES);

  @Test
  void opensAShelfWhenTheLastBlockOfThoseBeforeIsTaken() {
    takeAndCompare(FragmentMemory.SHELF, FragmentMemory.SHELF);
    takeAndCompare(1, memory.blocks());
  }

  @Test
  void hasEachBlockOnceAndANoteForEach() {
    Set<Integer> blocks = new HashSet<>();
    Set<Datagram> notes = new HashSet<>();
    while (memory.freeBlocks() > 0) {
      notes.add(memory.takeNote());
      blocks.add(memory.take(0, FragmentMemory.NOWHERE));
    }
    assertThat(blocks).hasSize(memory.blocks());
    assertThat(notes).hasSize(memory.blocks());
    blocks.forEach(memory::give);
    assertThat(memory.freeBlocks()).isEqualTo(memory.blocks());
  }

  @Test
  void keepsWhatIsKnownOfABlockApartFromAllOthers() {
    for (int block = 0; block < memory.blocks(); block++) {
      int taken = memory.take(block % 60, FragmentMemory.NOWHERE);
      memory.markThere(taken, 0, taken % 100 + 1);
      memory.markBegin(taken, taken % 128);
    }
    for (int block = 0; block < memory.blocks(); block++) {
      assertThat(memory.countThere(block, 0, 128)).isEqualTo(block % 100 + 1);
      assertThat(memory.countBegins(block, block % 128, block % 128 + 1)).isEqualTo(1);
      assertThat(memory.countBegins(block, 0, 128)).isEqualTo(1);
    }
  }

  private void takeAndCompare(int count, int opened) {
    for (int i = 0; i < count; i++) {
      memory.take(0, FragmentMemory.NOWHERE);
    }
    assertThat(memory.openedBlocks()).isEqualTo(opened);
  }
}
