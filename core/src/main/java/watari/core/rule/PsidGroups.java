package watari.core.rule;

import java.util.Arrays;

/// Rules that name their PSIDs, in groups of one IPv4 prefix each: found by group and PSID with one
/// read in most cases.
///
/// ```
/// | group, 24 bits | PSID, 16 bits | rule + 1, 24 bits |   a slot of the hash table; 0 is free
/// ```
///
/// Memory grows with the rules, not with the PSIDs that an address could have.
final class PsidGroups {
  /// What a slot can count; also the limit of groups.
  static final int RULES_MAX = (1 << 24) - 1;

  /// What [#find] says of a PSID that no rule names.
  static final int NONE = -1;

  private static final int NUMBERS = 3;

  /// Three numbers a group: a, k, and the trie's cell around it.
  private int[] numbers = new int[NUMBERS];

  private int groups;

  /// A power of two, at least twice the slots in use.
  private long[] slots = new long[16];

  /// Leaves as many bits of a hash as the index of a slot has.
  private int hashShift = 60;

  private int used;

  /// Begins a group.
  ///
  /// @param around what [Ipv4Trie#find] says of the group's prefix before the group is put in
  /// @return the new group
  int add(int psidOffset, int psidLength, int around) {
    int base = groups * NUMBERS;
    if (base == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * base);
    }
    numbers[base] = psidOffset;
    numbers[base + 1] = psidLength;
    numbers[base + 2] = around;
    return groups++;
  }

  void put(int group, int psid, int rule) {
    if (2 * used >= slots.length) {
      grow();
    }
    insert(key(group, psid) | (rule + 1));
    used++;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    hashShift--;
    for (long slot : old) {
      if (slot != 0) {
        insert(slot);
      }
    }
  }

  private void insert(long slot) {
    int at = start(slot);
    while (slots[at] != 0) {
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = slot;
  }

  private static long key(int group, int psid) {
    return (long) group << 40 | (long) psid << 24;
  }

  /// Fibonacci hashing: the high bits of the product depend on all bits of the key.
  private int start(long slot) {
    return (int) (((slot >>> 24) * 0x9e3779b97f4a7c15L) >>> hashShift);
  }

  /// The rule of a group that names this PSID, or [#NONE].
  int find(int group, int psid) {
    long key = key(group, psid);
    int at = start(key);
    while (slots[at] != 0) {
      if ((slots[at] ^ key) >>> 24 == 0) {
        return ((int) slots[at] & RULES_MAX) - 1;
      }
      at = (at + 1) & (slots.length - 1);
    }
    return NONE;
  }

  /// The PSID that a port carries in this group, or [PortSet#EXCLUDED].
  int psidOf(int group, int port) {
    return PortSet.psidOf(numbers[group * NUMBERS], numbers[group * NUMBERS + 1], port);
  }

  /// The trie's cell around the group: who has the ports that no rule of the group names.
  int around(int group) {
    return numbers[group * NUMBERS + 2];
  }
}
