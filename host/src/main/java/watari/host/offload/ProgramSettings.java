package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import watari.host.kernel.KernelException;
import watari.host.kernel.SharedArray;
import watari.host.kernel.SharedArrays;

/// The shape of the outer headers, which Java may change while a program runs, in a map of one
/// value.
///
/// ```
/// 0  longest IPv4 packet that crosses whole              8  bits that it has in any case
/// 4  bits that are copied from the inner traffic class  12  hop limit
/// ```
public final class ProgramSettings {
  static final int TUNNEL_MTU = 0;
  static final int COPIED_BITS = 4;
  static final int FIXED_BITS = 8;
  static final int HOP_LIMIT = 12;
  private static final int BYTES = 16;

  private final SharedArray map;

  private ProgramSettings(SharedArray map) {
    this.map = map;
  }

  /// Makes the map; nothing fits into the tunnel before [#shape] says how much.
  public static ProgramSettings create(SharedArrays arrays) throws KernelException {
    return new ProgramSettings(arrays.add("watari_settings", BYTES, 1));
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
}
