package watari.core.rule;

import java.util.Arrays;

/// Longest match over IPv4 prefixes in at most three reads: 16, 8 and 8 bits.
///
/// A cell holds a value ≥ 0, [#NONE], or, in inner levels, the number of a block of 256 cells.
/// Prefixes are put in by rising length, so that a longer one overwrites its part of a shorter one.
final class Ipv4Trie {
  /// What [#find] says where no prefix matches. Not negative, so that one test tells cells from
  /// blocks.
  static final int NONE = 0;

  private static final int BLOCK = 256;

  /// Values are stored as value + 1, blocks as their complement.
  private final int[] root = new int[1 << 16];

  private int[] cells = new int[BLOCK];
  private int blocks;

  /// The value of the longest matching prefix plus one, or [#NONE].
  int find(int address) {
    int cell = root[address >>> 16];
    if (cell >= 0) {
      return cell;
    }
    cell = cells[(~cell << 8) + (address >>> 8 & 0xff)];
    return cell >= 0 ? cell : cells[(~cell << 8) + (address & 0xff)];
  }

  /// Sets `value` for a prefix; prefixes come by rising length.
  void put(int bits, int length, int value) {
    int cell = value + 1;
    if (length <= 16) {
      int first = bits >>> 16;
      Arrays.fill(root, first, first + (1 << (16 - length)), cell);
      return;
    }
    int block = block(bits >>> 16);
    if (length <= 24) {
      int first = (block << 8) + (bits >>> 8 & 0xff);
      Arrays.fill(cells, first, first + (1 << (24 - length)), cell);
      return;
    }
    int leaf = (leafBlock((block << 8) + (bits >>> 8 & 0xff)) << 8) + (bits & 0xff);
    Arrays.fill(cells, leaf, leaf + (1 << (32 - length)), cell);
  }

  private int block(int rootIndex) {
    if (root[rootIndex] >= 0) {
      root[rootIndex] = ~newBlock(root[rootIndex]);
    }
    return ~root[rootIndex];
  }

  private int leafBlock(int cellIndex) {
    if (cells[cellIndex] >= 0) {
      int made = newBlock(cells[cellIndex]);
      cells[cellIndex] = ~made;
    }
    return ~cells[cellIndex];
  }

  private int newBlock(int filledWith) {
    int first = blocks << 8;
    if (first == cells.length) {
      cells = Arrays.copyOf(cells, Math.multiplyExact(cells.length, 2));
    }
    Arrays.fill(cells, first, first + BLOCK, filledWith);
    return blocks++;
  }
}
