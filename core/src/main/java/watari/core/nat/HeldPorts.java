package watari.core.nat;

/// Ports that rest before somebody else gets them (RFC 6888 REQ-8), the longest rested first. There
/// is room for so many; one more sends the oldest back to work.
final class HeldPorts {
  static final int NONE = -1;

  private final int[] slots;
  private final long[] since;
  private int first;
  private int size;

  HeldPorts(int capacity) {
    slots = new int[capacity];
    since = new long[capacity];
  }

  int size() {
    return size;
  }

  private int place(int index) {
    int place = first + index;
    return place < slots.length ? place : place - slots.length;
  }

  boolean contains(int slot) {
    return indexOf(slot) >= 0;
  }

  private int indexOf(int slot) {
    for (int i = 0; i < size; i++) {
      if (slots[place(i)] == slot) {
        return i;
      }
    }
    return -1;
  }

  /// Adds a slot; returns the one that may work again now, or [#NONE].
  int add(int slot, long now) {
    if (slots.length == 0) {
      return slot;
    }
    int freed = size == slots.length ? takeOldest() : NONE;
    slots[place(size)] = slot;
    since[place(size)] = now;
    size++;
    return freed;
  }

  /// When the oldest was added; there is one.
  long oldestSince() {
    return since[first];
  }

  int takeOldest() {
    int slot = slots[first];
    first = place(1);
    size--;
    return slot;
  }

  void remove(int slot) {
    int index = indexOf(slot);
    if (index < 0) {
      return;
    }
    for (int i = index; i + 1 < size; i++) {
      slots[place(i)] = slots[place(i + 1)];
      since[place(i)] = since[place(i + 1)];
    }
    size--;
  }
}
