package watari.core.nat;

import java.util.Arrays;

/// Some of the numbers 0 to `span` - 1, out of which one can be drawn at random in constant time.
final class Bag {
  private final int[] members;

  /// Where among the members a number lies, or -1.
  private final int[] places;

  private int size;

  Bag(int span) {
    members = new int[span];
    places = new int[span];
    Arrays.fill(places, -1);
  }

  int size() {
    return size;
  }

  boolean contains(int number) {
    return places[number] >= 0;
  }

  /// The member at a place from 0 to [#size] - 1; the order means nothing.
  int at(int place) {
    return members[place];
  }

  void add(int number) {
    if (places[number] < 0) {
      places[number] = size;
      members[size++] = number;
    }
  }

  void remove(int number) {
    int place = places[number];
    if (place >= 0) {
      int last = members[--size];
      members[place] = last;
      places[last] = place;
      places[number] = -1;
    }
  }
}
