package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import watari.core.net.Ipv6Address;
import watari.host.kernel.KernelException;
import watari.host.kernel.SharedArray;
import watari.host.kernel.SharedArrays;

/// The shape of the outer headers, which Java may change while a program runs, in a map of one
/// value.
///
/// ```
/// 0  longest IPv4 packet that crosses whole              8  bits that it has in any case
/// 4  bits that are copied from the inner traffic class  12  hop limit
/// 16 1 where Java may let pass what the rules refuse
/// 20 a byte for each hash of a far end: 1 where the path may carry less than the line
/// ```
public final class ProgramSettings {
  static final int TUNNEL_MTU = 0;
  static final int COPIED_BITS = 4;
  static final int FIXED_BITS = 8;
  static final int HOP_LIMIT = 12;
  static final int LENIENT = 16;
  static final int NARROW = 20;

  /// A packet of this length crosses any path whole, since IPv6 has 1280 bytes everywhere.
  static final int NARROWEST = 1240;

  private static final int HASHES = 1 << Short.SIZE;

  private final SharedArray map;

  private ProgramSettings(SharedArray map) {
    this.map = map;
  }

  /// Makes the map; nothing fits into the tunnel before [#shape] says how much.
  public static ProgramSettings create(SharedArrays arrays) throws KernelException {
    return new ProgramSettings(arrays.add("watari_settings", NARROW + HASHES, 1));
  }

  int descriptor() {
    return map.descriptor();
  }

  /// Says what the headers of the tunnel are like.
  ///
  /// @param copiedBits of the inner traffic class
  public void shape(int tunnelMtu, int copiedBits, int fixedBits, int hopLimit) {
    MemorySegment values = map.values();
    values.set(JAVA_INT, TUNNEL_MTU, tunnelMtu);
    values.set(JAVA_INT, COPIED_BITS, copiedBits);
    values.set(JAVA_INT, FIXED_BITS, fixedBits);
    values.set(JAVA_INT, HOP_LIMIT, hopLimit);
  }

  /// Leaves packets to Java that the rules refuse, or drops them.
  public void beLenient(boolean isLenient) {
    map.values().set(JAVA_INT, LENIENT, isLenient ? 1 : 0);
  }

  /// Leaves packets to Java that are longer than [#NARROWEST] and go to one of these far ends, or
  /// to one that has the hash of one of these.
  public void narrow(List<Ipv6Address> farEnds) {
    var marks = new byte[HASHES];
    farEnds.forEach(end -> marks[hash(end)] = 1);
    MemorySegment.copy(marks, 0, map.values(), JAVA_BYTE, NARROW, HASHES);
  }

  /// Two steps that a program can take as well: where many homes share a prefix, the bits that
  /// differ are the last ones of each half.
  private static int hash(Ipv6Address end) {
    long mixed = end.high() ^ end.low();
    mixed ^= mixed >>> Integer.SIZE;
    return (int) (mixed ^ mixed >>> Short.SIZE) & (HASHES - 1);
  }
}
