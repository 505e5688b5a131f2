package watari.host.driver;

import watari.core.wire.Slab;

/// Packets in a row, each with the receive from which on it may leave.
final class WaitingRoom implements AutoCloseable {
  private final int places;
  private final int frameBytes;
  private final int stride;
  private final long base;

  /// The row: which place each packet lies in; behind `size` the places that are free.
  private final int[] row;

  /// By place.
  private final int[] lengths;

  /// By place.
  private final int[] segmentBytes;

  /// By place.
  private final long[] dues;

  private int size;

  WaitingRoom(int places, int frameBytes) {
    this.places = places;
    this.frameBytes = frameBytes;
    this.stride = Math.ceilDiv(frameBytes, Long.BYTES) * Long.BYTES;
    this.base = Slab.take(Math.multiplyExact(stride, places));
    this.row = new int[places];
    this.lengths = new int[places];
    this.segmentBytes = new int[places];
    this.dues = new long[places];
    for (int i = 0; i < places; i++) {
      row[i] = i;
    }
  }

  int size() {
    return size;
  }

  /// How many more packets there is room for.
  int room() {
    return places - size;
  }

  /// Puts a packet of at most `frameBytes` bytes at the end of the row; there must be room.
  void put(long at, int length, int segmentBytes, long due) {
    assert length <= frameBytes && room() > 0;
    int place = row[size++];
    Slab.move(at, at(place), length);
    lengths[place] = length;
    this.segmentBytes[place] = segmentBytes;
    dues[place] = due;
  }

  private long at(int place) {
    return base + (long) place * stride;
  }

  /// Lets the last packet of the row overtake the one before it.
  ///
  /// @return false when there is none before it
  boolean overtake() {
    if (size < 2) {
      return false;
    }
    int last = row[size - 1];
    row[size - 1] = row[size - 2];
    row[size - 2] = last;
    return true;
  }

  /// Moves what is due into the batch, in the order of the row, until it is full.
  ///
  /// @return how many were dropped because the frames of the batch are too short
  int leave(Batch batch, long now) {
    int stayed = 0;
    int tooLong = 0;
    for (int i = 0; i < size; i++) {
      int place = row[i];
      if (dues[place] > now || batch.isFull()) {
        row[i] = row[stayed];
        row[stayed++] = place;
      } else if (lengths[place] > batch.frameBytes()) {
        tooLong++;
      } else {
        batch.addCopy(at(place), lengths[place], segmentBytes[place]);
      }
    }
    size = stayed;
    return tooLong;
  }

  @Override
  public void close() {
    Slab.give(base, stride * places);
  }
}
