package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import watari.host.kernel.Bpf;
import watari.host.kernel.KernelException;
import watari.host.kernel.SharedArray;

/// What Java may change while a program runs, in a map of one value.
///
/// ```
///  0  device, of the machine's byte order      16  longest IPv4 packet that crosses whole
///  4  Ethernet target, 6 bytes                 20  bits that are copied from the inner traffic class
/// 10  Ethernet source, 6 bytes                 24  bits that it has in any case
///                                              28  hop limit
/// ```
public final class ProgramSettings implements AutoCloseable {
  static final int DEVICE = 0;
  static final int ETHERNET = 4;
  static final int TUNNEL_MTU = 16;
  static final int COPIED_BITS = 20;
  static final int FIXED_BITS = 24;
  static final int HOP_LIMIT = 28;
  private static final int BYTES = 32;
  private static final int ETHERNET_BYTES = 6;

  private final SharedArray map;

  private ProgramSettings(SharedArray map) {
    this.map = map;
  }

  /// Makes the map; nothing is sent before [#lead] says where.
  public static ProgramSettings create(Bpf bpf) throws KernelException {
    return new ProgramSettings(SharedArray.create(bpf, "watari_settings", BYTES, 1));
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

  /// Says where packets go from now on. Between the two writes of the device none goes anywhere but
  /// to the kernel.
  public void lead(NextHop hop) {
    MemorySegment values = map.values();
    values.set(JAVA_INT, DEVICE, 0);
    writeEthernet(ETHERNET, hop.target());
    writeEthernet(ETHERNET + ETHERNET_BYTES, hop.source());
    values.set(JAVA_INT, DEVICE, hop.device());
  }

  private void writeEthernet(int at, long address) {
    for (int i = 0; i < ETHERNET_BYTES; i++) {
      int shift = (ETHERNET_BYTES - 1 - i) * Byte.SIZE;
      map.values().set(JAVA_BYTE, at + i, (byte) (address >>> shift));
    }
  }

  @Override
  public void close() {
    map.close();
  }
}
