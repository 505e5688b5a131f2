package watari.lab.bench;

import java.util.SplittableRandom;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.wire.Ipv4;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// A train of packets that passes again and again, as a driver would deliver it: 32 at a time, into
/// the same 32 places, which therefore lie in the nearest cache.
///
/// ```
/// | 64 bytes of room | outer header 40 | inner header 20, UDP 8, payload 18 |    a place
/// ```
///
/// The packets differ in a few words only. Those lie in a row, in the order of the train, and
/// [#arrive] writes them over what the way has changed. That is the cost which is measured apart
/// and taken off.
final class Train {
  static final int BATCH = 32;

  /// With an Ethernet header the smallest frame, 60 bytes.
  static final int INNER_LENGTH = 46;

  static final int OUTER_LENGTH = 40 + INNER_LENGTH;

  private static final int OUTER = 64;
  private static final int INNER = OUTER + 40;
  private static final int PLACE = 192;

  /// Inner bytes 8 to 31 and outer bytes 8 to 23.
  private static final int WORDS = 5;

  private final long places = Slab.take(BATCH * PLACE);
  private final long[] words;
  private final int length;
  private int next;
  private int made;

  /// @param length packets in the train, a multiple of 32
  Train(int length) {
    this.length = length;
    words = new long[length * WORDS];
  }

  /// The numbers 0 to `count` - 1 in a random order, always the same.
  static int[] shuffled(int count) {
    var random = new SplittableRandom(count);
    var order = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  /// Rounds up to whole batches.
  static int whole(int packets) {
    return (packets + BATCH - 1) / BATCH * BATCH;
  }

  /// @throws IllegalStateException when a way dropped a packet
  static void allWereSent(Tally tally) {
    long dropped = tally.received() - tally.packets(Pass.SENT);
    if (dropped > 0) {
      throw new IllegalStateException(dropped + " packets of the benchmark were dropped");
    }
  }

  /// Appends a UDP packet, with `high` and `low` as its outer source.
  ///
  /// @return where it lies until the next one is appended
  long append(int source, int sourcePort, int target, int targetPort, long high, long low) {
    long at = places + INNER;
    Ipv4.write(at, INNER_LENGTH, Protocol.UDP, 64, source, target);
    Slab.putInt(at + 20, sourcePort << 16 | targetPort);
    Slab.putInt(at + 24, (INNER_LENGTH - 20) << 16 | 0x1234);
    int word = made++ * WORDS;
    words[word] = Slab.longAt(at + 8);
    words[word + 1] = Slab.longAt(at + 16);
    words[word + 2] = Slab.longAt(at + 24);
    words[word + 3] = high;
    words[word + 4] = low;
    return at;
  }

  /// Fills what is equal in all packets.
  ///
  /// @param high and `low`: the outer target
  void finish(long high, long low) {
    for (int i = 0; i < BATCH; i++) {
      Ipv4.write(inner(i), INNER_LENGTH, Protocol.UDP, 64, 0, 0);
      Slab.putInt(outer(i), 6 << 28);
      Slab.putInt(outer(i) + 4, INNER_LENGTH << 16 | Protocol.IPV4 << 8 | 64);
      Slab.putLong(outer(i) + 24, high);
      Slab.putLong(outer(i) + 32, low);
    }
  }

  /// The next 32 IPv4 packets arrive.
  void arrive() {
    int word = next * WORDS;
    for (int i = 0; i < BATCH; i++, word += WORDS) {
      long at = inner(i);
      Slab.putLong(at + 8, words[word]);
      Slab.putLong(at + 16, words[word + 1]);
      Slab.putLong(at + 24, words[word + 2]);
    }
    next = next + BATCH < length ? next + BATCH : 0;
  }

  /// The next 32 IPv4 packets arrive in a tunnel.
  void arriveTunnelled() {
    int word = next * WORDS;
    for (int i = 0; i < BATCH; i++, word += WORDS) {
      long at = outer(i);
      Slab.putLong(at + 8, words[word + 3]);
      Slab.putLong(at + 16, words[word + 4]);
      Slab.putLong(at + 48, words[word]);
      Slab.putLong(at + 56, words[word + 1]);
      Slab.putLong(at + 64, words[word + 2]);
    }
    next = next + BATCH < length ? next + BATCH : 0;
  }

  int length() {
    return length;
  }

  /// Where the inner header of packet `i` of the batch lies.
  long inner(int i) {
    return places + (long) i * PLACE + INNER;
  }

  /// Where its outer header lies.
  long outer(int i) {
    return places + (long) i * PLACE + OUTER;
  }
}
