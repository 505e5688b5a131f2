package watari.core.path;

import watari.core.nat.Randomness;

/// The identifications of the fragments we make: a counter, shuffled by a key (RFC 7739 §5.3), so
/// that nobody outside can guess the next one and none comes again before all 2^32 have been.
///
/// ```
/// | left, 16 bits | right, 16 bits |  ->  | right | left ^ keyed mix of right |     four rounds
/// ```
///
/// Such a round can be undone, whatever the mix is, so no two counts get one number. Parts of one
/// node that have the same keys take turns in counting, so that none meets a number of another.
final class FragmentIds {
  private static final int ROUNDS = 4;

  private final long[] keys = new long[ROUNDS];
  private final int step;
  private int count;

  /// @param randomness where the keys come from
  FragmentIds(Randomness randomness, Part part) {
    count = part.index();
    step = part.count();
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = randomness.next();
    }
  }

  int next() {
    int id = count;
    count += step;
    for (long key : keys) {
      int right = id & 0xffff;
      int left = id >>> 16;
      id = right << 16 | (left ^ ((int) Randomness.mix(key ^ right) & 0xffff));
    }
    return id;
  }
}
