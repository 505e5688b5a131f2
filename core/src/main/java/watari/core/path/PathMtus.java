package watari.core.path;

import java.util.List;
import java.util.stream.IntStream;
import watari.core.nat.Randomness;
import watari.core.net.Ipv6Address;

/// The far ends of tunnels whose paths carry less than our own line does (RFC 8201 §5.2): so many,
/// found by a keyed hash. Where there is no room, the one that would be forgotten first goes, and
/// is learned again from its next packet.
final class PathMtus {
  /// The purpose of its [Randomness#branch].
  static final int KEYS = 2;

  private static final int WAYS = 4;
  private static final int SETS = 256;
  static final int PATHS_MAX = SETS * WAYS;

  private final long key;
  private final long[] highs = new long[PATHS_MAX];
  private final long[] lows = new long[PATHS_MAX];
  private final int[] mtus = new int[PATHS_MAX];
  private final long[] until = new long[PATHS_MAX];
  private int count;

  PathMtus(Randomness randomness) {
    key = randomness.next();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// The MTU of the path to an end, or `usual` where nothing less is known.
  int of(long high, long low, int usual) {
    int place = find(high, low);
    return place < 0 ? usual : mtus[place];
  }

  /// The ends that are known.
  List<Ipv6Address> ends() {
    return count == 0
        ? List.of()
        : IntStream.range(0, PATHS_MAX)
            .filter(place -> mtus[place] != 0)
            .mapToObj(place -> new Ipv6Address(highs[place], lows[place]))
            .toList();
  }

  private int set(long high, long low) {
    return ((int) Randomness.mix(Randomness.mix(high ^ key) + low) & (SETS - 1)) * WAYS;
  }

  private int find(long high, long low) {
    int set = set(high, low);
    for (int place = set; place < set + WAYS; place++) {
      if (mtus[place] != 0 && highs[place] == high && lows[place] == low) {
        return place;
      }
    }
    return -1;
  }

  /// @param until when it is to be forgotten
  void put(long high, long low, int mtu, long until) {
    int known = find(high, low);
    int place = known < 0 ? soonestForgotten(set(high, low)) : known;
    count += mtus[place] == 0 ? 1 : 0;
    highs[place] = high;
    lows[place] = low;
    mtus[place] = mtu;
    this.until[place] = until;
  }

  private int soonestForgotten(int set) {
    int soonest = set;
    for (int place = set; place < set + WAYS; place++) {
      if (mtus[place] == 0) {
        return place;
      }
      soonest = until[place] < until[soonest] ? place : soonest;
    }
    return soonest;
  }

  void age(long now) {
    for (int place = 0; count > 0 && place < mtus.length; place++) {
      if (mtus[place] != 0 && now >= until[place]) {
        mtus[place] = 0;
        count--;
      }
    }
  }
}
