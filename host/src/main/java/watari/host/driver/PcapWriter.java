package watari.host.driver;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import watari.core.wire.Slab;

/// Writes a classic capture file of bare IP packets, little-endian (draft-ietf-opsawg-pcap,
/// `LINKTYPE_RAW`).
///
/// ```
/// file    0 magic a1b2c3d4  4 major, minor (u16)  8 0  12 0  16 longest packet  20 link type
/// packet  0 seconds  4 microseconds  8 bytes here  12 bytes on the line  16 the packet
/// ```
final class PcapWriter implements AutoCloseable {
  static final int MAGIC_MICROS = 0xa1b2_c3d4;
  static final int MAGIC_NANOS = 0xa1b2_3c4d;
  static final int FILE_HEADER_BYTES = 24;
  static final int PACKET_HEADER_BYTES = 16;
  static final int PACKET_BYTES_MAX = 262_144;
  static final int LINKTYPE_RAW = 101;

  private static final long MICROS_A_SECOND = 1_000_000;
  private static final int BUFFER_BYTES = 1 << 17;

  private final OutputStream out;
  private final ByteBuffer header =
      ByteBuffer.allocate(FILE_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] packet = new byte[Batch.FRAME_BYTES_MAX];

  PcapWriter(Path file) throws IOException {
    out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
    header.putInt(MAGIC_MICROS).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    header.putInt(PACKET_BYTES_MAX).putInt(LINKTYPE_RAW);
    out.write(header.array(), 0, FILE_HEADER_BYTES);
  }

  /// Appends a packet of at most 65535 bytes.
  ///
  /// @param micros microseconds since 1970
  void write(long at, int length, long micros) throws IOException {
    header.clear();
    header.putInt((int) (micros / MICROS_A_SECOND)).putInt((int) (micros % MICROS_A_SECOND));
    header.putInt(length).putInt(length);
    out.write(header.array(), 0, PACKET_HEADER_BYTES);
    Slab.read(at, packet, 0, length);
    out.write(packet, 0, length);
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
