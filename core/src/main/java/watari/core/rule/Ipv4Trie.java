package watari.core.rule;

import java.util.Arrays;
import watari.core.net.Refused;

/// Longest match over IPv4 prefixes in at most four reads, one up to /16, two up to /24.
///
/// ```
/// | 16 bits | 8 bits | 4 bits | 4 bits |    an address; each part picks a cell of a block
/// ```
///
/// A cell holds [#NONE], a value plus one, or the complement of where the next block begins. The
/// last blocks are small, so that a million lone addresses do not need a gigabyte. Prefixes are put
/// in by rising length: a longer one overwrites its part of a shorter one.
public final class Ipv4Trie {
  /// What [#find] says where no prefix matches. Not negative, so that one test tells values from
  /// blocks.
  public static final int NONE = 0;

  /// How many bits of an address are used up after each block.
  private static final int[] ENDS = {16, 24, 28, 32};

  private static final int CELLS_MAX = 1 << 30;

  /// The block of the first 16 bits begins at 0.
  private int[] cells = new int[1 << 17];

  private int used = 1 << 16;

  public Ipv4Trie() {}

  /// The value of the longest matching prefix plus one, or [#NONE].
  public int find(int address) {
    int cell = cells[address >>> 16];
    if (cell >= 0) {
      return cell;
    }
    cell = cells[~cell + (address >>> 8 & 0xff)];
    if (cell >= 0) {
      return cell;
    }
    cell = cells[~cell + (address >>> 4 & 0xf)];
    return cell >= 0 ? cell : cells[~cell + (address & 0xf)];
  }

  /// A copy of all cells, the block of the first 16 bits first.
  public int[] cells() {
    return Arrays.copyOf(cells, used);
  }

  /// Sets `value` for a prefix; prefixes come by rising length.
  ///
  /// @param value from 0 on
  public void put(int bits, int length, int value) {
    int block = 0;
    int level = 0;
    while (length > ENDS[level]) {
      block = next(block + part(bits, level), level + 1);
      level++;
    }
    int first = block + part(bits, level);
    Arrays.fill(cells, first, first + (1 << (ENDS[level] - length)), value + 1);
  }

  private static int width(int level) {
    return level == 0 ? ENDS[0] : ENDS[level] - ENDS[level - 1];
  }

  private static int part(int bits, int level) {
    return bits >>> (32 - ENDS[level]) & ((1 << width(level)) - 1);
  }

  /// Where the block behind a cell begins; makes it when there is none.
  private int next(int cell, int level) {
    if (cells[cell] >= 0) {
      int made = make(1 << width(level), cells[cell]);
      cells[cell] = ~made;
    }
    return ~cells[cell];
  }

  private int make(int size, int filledWith) {
    if (used + size > cells.length) {
      if (cells.length >= CELLS_MAX) {
        throw new Refused(
            "the rules lie too far apart for one table; split it over several relays");
      }
      cells = Arrays.copyOf(cells, 2 * cells.length);
    }
    int made = used;
    used += size;
    Arrays.fill(cells, made, used, filledWith);
    return made;
  }
}
