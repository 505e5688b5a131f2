package watari.core.wire;

/// The Internet checksum (RFC 1071) and its update by difference (RFC 1624, equation 3).
public final class Checksum {
  private Checksum() {}

  /// The sum of the 16-bit words from `at` on, not folded; an odd last byte counts as a high byte.
  public static long sum(long at, int bytes) {
    long sum = 0;
    long end = at + (bytes & ~7);
    long i = at;
    for (; i < end; i += 8) {
      sum += halves(Slab.longAt(i));
    }
    if ((bytes & 4) != 0) {
      sum += Slab.intAt(i) & 0xffffffffL;
      i += 4;
    }
    if ((bytes & 2) != 0) {
      sum += Slab.shortAt(i);
      i += 2;
    }
    return (bytes & 1) == 0 ? sum : sum + ((long) Slab.byteAt(i) << 8);
  }

  /// Folds a sum of words, of any width that is a multiple of 16 bits, into 16 bits.
  public static int fold(long sum) {
    long folded = (sum >>> 32) + (sum & 0xffffffffL);
    folded = (folded >>> 16) + (folded & 0xffff);
    folded = (folded >>> 16) + (folded & 0xffff);
    return (int) ((folded >>> 16) + (folded & 0xffff));
  }

  /// The checksum over bytes that sum up to `sum`.
  public static int of(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /// What a change of a 32-bit word, or of a 16-bit word, adds to [#update].
  public static long change(int from, int to) {
    return (~from & 0xffffffffL) + (to & 0xffffffffL);
  }

  /// The checksum after changes with the sum `changes`.
  public static int update(int checksum, long changes) {
    return ~fold((~checksum & 0xffff) + changes) & 0xffff;
  }

  /// Updates the checksum that lies at `at`.
  static void updateAt(long at, long changes) {
    Slab.putShort(at, update(Slab.shortAt(at), changes));
  }

  /// Finishes a checksum that its sender has left to the network card: where it belongs stands the
  /// sum of the pseudo-header, and the bytes from `start` on are to be added.
  ///
  /// @param length of the packet at `at`
  /// @param start where the bytes begin that the checksum is about
  /// @param place of the checksum behind `start`
  /// @return false when the places lie outside the packet, which is then as before
  public static boolean finish(long at, int length, int start, int place) {
    if (start + place + 2 > length) {
      return false;
    }
    int checksum = of(sum(at + start, length - start));
    // zero would mean that UDP has none (RFC 768); everywhere else it is the same number
    Slab.putShort(at + start + place, checksum == 0 ? 0xffff : checksum);
    return true;
  }

  /// The sum of the pseudo-header of TCP and UDP over IPv4.
  public static long pseudoHeader(int source, int target, int protocol, int length) {
    return (source & 0xffffffffL) + (target & 0xffffffffL) + protocol + length;
  }

  /// The sum of the pseudo-header of RFC 8200 §8.1.
  public static long pseudoHeader(
      long sourceHigh, long sourceLow, long targetHigh, long targetLow, int next, int length) {
    return halves(sourceHigh)
        + halves(sourceLow)
        + halves(targetHigh)
        + halves(targetLow)
        + next
        + length;
  }

  /// The two halves of a word, added.
  static long halves(long bits) {
    return (bits >>> 32) + (bits & 0xffffffffL);
  }
}
