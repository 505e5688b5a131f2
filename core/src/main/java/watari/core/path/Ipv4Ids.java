package watari.core.path;

import watari.core.nat.Randomness;
import watari.core.rule.PortSet;
import watari.core.wire.Ipv4;
import watari.core.wire.Packet;

/// New identifications for packets whose source the translator changed, since by that the gateway
/// is their source (RFC 6864 §5.3.1). Those that say Don't Fragment keep theirs, which means
/// nothing (§4.1).
///
/// Each target and protocol counts through all identifications in an order that only a key tells,
/// so that nobody can guess the next or read from it what else the home does.
///
/// ```
/// counter 0 ... 65535, in 32 segments      each knows when it was last used
///         |  segment | segment | ...       one is entered again 120 s after that
/// ```
///
/// A packet that is really going to be cut gets none before (§5.2). A short one seldom is cut on
/// its way, so it never waits: while half of the identifications are in use it takes one of a
/// second, endless row, which leaves the other half to those that need it.
final class Ipv4Ids {
  /// The longest that a fragment may be on its way (RFC 6864 §4.3).
  static final int LIFETIME_SECONDS = 120;

  /// What is longer must be cut on the Internet. The pieces of a tunnel are something else: they
  /// have identifications of their own, of 32 bits, and are whole again where it ends.
  static final int INTERNET_MTU = 1500;

  private static final int SEGMENTS = 32;
  private static final int ROUNDS = 4;

  /// How many counters there are; seldom, two targets share one, and each has it the shorter.
  private static final int COUNTERS = 1024;

  private final PortSet allowed;
  private final int size;
  private final int halfBits;
  private final long key;
  private final long otherKey;
  private final int[] next = new int[COUNTERS];
  private final int[] nextEndless = new int[COUNTERS];

  /// When each segment was last used, in seconds from 1 on; 0 is never.
  private final int[] used = new int[COUNTERS * SEGMENTS];

  /// @param allowed the identifications there are: [PortSet#ALL], or the port set of the
  ///   subscriber, so that those who share an address never use the same (RFC 7597 §8.3.3)
  Ipv4Ids(PortSet allowed, Randomness randomness) {
    this.allowed = allowed;
    size = allowed.size();
    halfBits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(size - 1) + 1) / 2);
    key = randomness.next();
    otherKey = randomness.next();
  }

  /// Gives the packet, which is whole, an identification of its own.
  ///
  /// @param isCut whether it must travel in fragments of IPv4
  /// @return whether there was one
  boolean renew(Packet packet, boolean isCut, long now) {
    if (Ipv4.dontFragment(packet.at())) {
      return true;
    }
    long pair = Randomness.mix(Randomness.mix(packet.target() ^ key) + packet.protocol());
    int counter = (int) pair & (COUNTERS - 1);
    int second = (int) (now / 1000) + 1;
    boolean isFree = isFree(counter, second);
    if (isCut && !isFree) {
      return false;
    }
    boolean isStrict = isCut || (isFree && isHalfFree(counter, second));
    int count = isStrict ? take(counter, second) : takeEndless(counter);
    long order = Randomness.mix(pair ^ otherKey) + (isStrict ? 0 : 1);
    Ipv4.identify(packet.at(), allowed.port(shuffled(count, order)));
    return true;
  }

  private int segment(int count) {
    return count * SEGMENTS / size;
  }

  /// Whether the next identification was not used for long enough. Once a segment is entered, all
  /// of it is free.
  private boolean isFree(int counter, int second) {
    int count = next[counter];
    boolean isEntered = count > 0 && segment(count - 1) == segment(count);
    return isEntered || isRested(counter, segment(count), second);
  }

  /// Whether the half behind the next identification is free too.
  private boolean isHalfFree(int counter, int second) {
    int half = (segment(next[counter]) + SEGMENTS / 2) % SEGMENTS;
    return isRested(counter, half, second);
  }

  private boolean isRested(int counter, int segment, int second) {
    int last = used[counter * SEGMENTS + segment];
    return last == 0 || second - last > LIFETIME_SECONDS;
  }

  private int take(int counter, int second) {
    int count = next[counter];
    used[counter * SEGMENTS + segment(count)] = second;
    next[counter] = count + 1 < size ? count + 1 : 0;
    return count;
  }

  private int takeEndless(int counter) {
    int count = nextEndless[counter];
    nextEndless[counter] = count + 1 < size ? count + 1 : 0;
    return count;
  }

  /// Another number below `size` for each: rounds as in [FragmentIds], again until one fits.
  private int shuffled(int count, long order) {
    int mask = (1 << halfBits) - 1;
    int number = count;
    do {
      for (int round = 0; round < ROUNDS; round++) {
        int right = number & mask;
        int mixed = (int) Randomness.mix((order ^ right) + ((long) round << 32)) & mask;
        number = right << halfBits | (number >>> halfBits ^ mixed);
      }
    } while (number >= size);
    return number;
  }
}
