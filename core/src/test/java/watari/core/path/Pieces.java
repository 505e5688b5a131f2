package watari.core.path;

import java.nio.ByteBuffer;
import java.util.Arrays;
import watari.core.wire.SlowChecksum;

/// Cuts packets into fragments the obvious way.
final class Pieces {
  private Pieces() {}

  /// The fragment with the bytes `from` to `to` of what the packet's first header carries, as an
  /// IPv4 or an IPv6 fragment.
  ///
  /// @param to where it ends, -1 for the end of the packet, with which it is the last
  /// @param id its identification, -1 for the packet's own (IPv4) or 7 (IPv6)
  static byte[] cut(byte[] whole, int from, int to, long id) {
    return (whole[0] >> 4 & 0xf) == 4 ? cut4(whole, from, to, id) : cut6(whole, from, to, id);
  }

  private static byte[] cut4(byte[] whole, int from, int to, long id) {
    int header = (whole[0] & 0xf) * 4;
    int end = to < 0 ? whole.length - header : to;
    var out = ByteBuffer.allocate(header + end - from);
    out.put(whole, 0, header).put(whole, header + from, end - from);
    out.putShort(2, (short) out.capacity());
    if (id >= 0) {
      out.putShort(4, (short) id);
    }
    out.putShort(6, (short) (from / 8 | (to < 0 ? 0 : 0x2000)));
    out.putShort(10, (short) 0);
    out.putShort(10, (short) ~SlowChecksum.sum(out.array(), 0, header, 0));
    return out.array();
  }

  private static byte[] cut6(byte[] whole, int from, int to, long id) {
    int end = to < 0 ? whole.length - 40 : to;
    byte[] part = Arrays.copyOfRange(whole, 40 + from, 40 + end);
    var out = ByteBuffer.allocate(48 + part.length);
    out.put(whole, 0, 40);
    out.put(whole[6]).put((byte) 0).putShort((short) ((from & ~7) | (to < 0 ? 0 : 1)));
    out.putInt((int) (id < 0 ? 7 : id));
    out.put(part);
    out.putShort(4, (short) (8 + part.length));
    out.put(6, (byte) 44);
    return out.array();
  }
}
