package watari.host.driver;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import watari.core.wire.Slab;

/// Reads a classic capture file of bare IP packets, of either byte order; the shape is that of
/// `PcapWriter`.
final class PcapReader implements AutoCloseable {
  /// `DLT_RAW`, `LINKTYPE_RAW`, `LINKTYPE_IPV4`, `LINKTYPE_IPV6`.
  private static final Set<Integer> LINKTYPES = Set.of(12, PcapWriter.LINKTYPE_RAW, 228, 229);

  private static final int MAGIC_PCAPNG = 0x0a0d_0d0a;

  private final Path file;
  private final InputStream in;
  private final ByteBuffer header = ByteBuffer.allocate(PcapWriter.FILE_HEADER_BYTES);
  private final byte[] packet = new byte[PcapWriter.PACKET_BYTES_MAX];
  private int length;
  private int wireLength;
  private long packets;

  PcapReader(Path file) throws IOException {
    this.file = file;
    this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      readFileHeader();
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private void readFileHeader() throws IOException {
    if (in.readNBytes(header.array(), 0, PcapWriter.FILE_HEADER_BYTES)
        < PcapWriter.FILE_HEADER_BYTES) {
      throw refused("is no capture file: it has less than 24 bytes");
    }
    header.order(order(header.getInt(0)));
    int linktype = header.getInt(20) & 0xffff;
    if (!LINKTYPES.contains(linktype)) {
      throw refused(
          "holds frames of link type "
              + linktype
              + ", not bare IP packets: capture on a TUN device, or cut Ethernet off with"
              + " editcap -C 14 -T rawip");
    }
  }

  /// @param magic the first four bytes, read big-endian
  private ByteOrder order(int magic) throws IOException {
    if (magic == MAGIC_PCAPNG) {
      throw refused("is a pcapng file: convert it with editcap -F pcap");
    }
    if (isMagic(magic)) {
      return ByteOrder.BIG_ENDIAN;
    }
    if (isMagic(Integer.reverseBytes(magic))) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    throw refused("is no capture file: it begins with " + Integer.toHexString(magic));
  }

  private static boolean isMagic(int magic) {
    return magic == PcapWriter.MAGIC_MICROS || magic == PcapWriter.MAGIC_NANOS;
  }

  /// Reads the next packet.
  ///
  /// @return false at the end of the file
  /// @throws IOException when the file is damaged
  boolean next() throws IOException {
    int bytes = in.readNBytes(header.array(), 0, PcapWriter.PACKET_HEADER_BYTES);
    if (bytes == 0) {
      return false;
    }
    packets++;
    length = header.getInt(8);
    wireLength = header.getInt(12);
    if (bytes < PcapWriter.PACKET_HEADER_BYTES) {
      throw refused("ends within packet " + packets);
    }
    if (length < 0 || length > PcapWriter.PACKET_BYTES_MAX) {
      throw refused("is damaged: packet " + packets + " says that it has " + length + " bytes");
    }
    if (in.readNBytes(packet, 0, length) < length) {
      throw refused("ends within packet " + packets);
    }
    return true;
  }

  /// The bytes of the packet that are in the file.
  int length() {
    return length;
  }

  /// Whether the packet was captured as a whole.
  boolean isWhole() {
    return length == wireLength;
  }

  /// Copies the packet to the slab.
  void copy(long to) {
    Slab.write(to, packet, 0, length);
  }

  private IOException refused(String why) {
    return new IOException(file + " " + why);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
