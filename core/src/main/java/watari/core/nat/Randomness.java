package watari.core.nat;

/// Numbers that nobody without the key can guess, for ports and fragment identifiers: SipHash-2-4
/// of a counter (Aumasson and Bernstein, 2012).
public final class Randomness {
  private final long key0;
  private final long key1;

  /// The working state; a field, so that drawing a number allocates nothing.
  private final long[] v = new long[4];

  private long counter;

  /// @param key0 half of the key: from a cryptographic generator in the product, printed and fixed
  ///   in a test
  /// @param key1 the other half
  public Randomness(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /// Another sequence, for another purpose. What is drawn here stays the same, however much is
  /// drawn there.
  ///
  /// @param purpose a number above 0
  public Randomness branch(int purpose) {
    // a counter never comes so far
    return new Randomness(sipHash(-2L * purpose), sipHash(-2L * purpose - 1));
  }

  public long next() {
    return sipHash(counter++);
  }

  /// A number from 0 to `bound` - 1.
  public int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /// SipHash-2-4 of one word of eight bytes, little-endian.
  long sipHash(long word) {
    v[0] = key0 ^ 0x736f6d6570736575L;
    v[1] = key1 ^ 0x646f72616e646f6dL;
    v[2] = key0 ^ 0x6c7967656e657261L;
    v[3] = key1 ^ 0x7465646279746573L;
    absorb(word);
    absorb(8L << 56);
    v[2] ^= 0xff;
    rounds(4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private void absorb(long word) {
    v[3] ^= word;
    rounds(2);
    v[0] ^= word;
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      v[0] += v[1];
      v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
      v[0] = Long.rotateLeft(v[0], 32);
      v[2] += v[3];
      v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
      v[0] += v[3];
      v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
      v[2] += v[1];
      v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
      v[2] = Long.rotateLeft(v[2], 32);
    }
  }

  /// A fast mixing of bits for table indexes, keyed by what the caller adds.
  public static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
