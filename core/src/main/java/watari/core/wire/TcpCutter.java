package watari.core.wire;

/// Cuts a TCP super-packet into its segments, where it lies.
///
/// A kernel that is told so hands over many TCP segments of one sender as one IPv4 packet of up to
/// 64 KiB, and leaves the cutting to a network card. Here it is done instead, one segment at a
/// time, as the card would do it:
///
/// ```
///          | headers | payload 1 | payload 2 | payload 3 |
/// first    | headers | payload 1 |
/// next               | headers | payload 2 |      written over the end of payload 1
/// ```
///
/// So the segment before must be done with when the next one is asked for. Only FIN and PSH, which
/// the last segment has, CWR, which the first has, sequence numbers, identifications, lengths and
/// checksums differ. One object serves all packets of a thread.
public final class TcpCutter {
  private static final int HEADERS_MAX = 60 + 60;
  private static final int ONLY_LAST = Tcp.FIN | Tcp.PSH;

  private final byte[] headers = new byte[HEADERS_MAX];
  private int ipv4Length;
  private int headersLength;
  private int segmentBytes;
  private int identification;
  private int sequence;
  private int flags;
  private long payload;
  private long end;
  private long at;
  private int length;
  private boolean isFirst;

  public TcpCutter() {}

  /// Takes a super-packet up; [#next] gives its segments.
  ///
  /// @param segmentBytes the payload of each segment but the last
  /// @return false when it cannot be cut: it is no whole TCP packet over IPv4 with a payload
  public boolean begin(long at, int length, int segmentBytes) {
    if (segmentBytes < 1 || !isTcp(at, length)) {
      return false;
    }
    ipv4Length = Ipv4.headerLength(at);
    long tcp = at + ipv4Length;
    headersLength = ipv4Length + Tcp.headerLength(tcp);
    if (headersLength < ipv4Length + Tcp.HEADER || headersLength >= length) {
      return false;
    }
    Slab.read(at, headers, 0, headersLength);
    this.segmentBytes = segmentBytes;
    identification = Ipv4.identification(at);
    sequence = Slab.intAt(tcp + Tcp.SEQUENCE);
    flags = Tcp.flags(tcp);
    payload = at + headersLength;
    end = at + length;
    isFirst = true;
    return true;
  }

  private static boolean isTcp(long at, int length) {
    return length >= Ipv4.HEADER + Tcp.HEADER
        && Slab.byteAt(at) >>> 4 == 4
        && Ipv4.headerLength(at) >= Ipv4.HEADER
        && Ipv4.headerLength(at) + Tcp.HEADER <= length
        && Ipv4.totalLength(at) == length
        && (Ipv4.flags(at) & (Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK)) == 0
        && Ipv4.protocol(at) == Protocol.TCP;
  }

  /// Makes the next segment, an ordinary packet, and forgets the one before.
  ///
  /// @return false when there is none left
  public boolean next() {
    if (payload >= end) {
      return false;
    }
    int bytes = (int) Math.min(segmentBytes, end - payload);
    at = payload - headersLength;
    length = headersLength + bytes;
    Slab.write(at, headers, 0, headersLength);
    payload += bytes;
    writeIpv4();
    writeTcp(at + ipv4Length);
    identification++;
    sequence += bytes;
    isFirst = false;
    return true;
  }

  private void writeIpv4() {
    Slab.putShort(at + 2, length);
    Slab.putShort(at + 4, identification);
    Slab.putShort(at + 10, 0);
    Slab.putShort(at + 10, Checksum.of(Checksum.sum(at, ipv4Length)));
  }

  private void writeTcp(long tcp) {
    boolean isLast = payload >= end;
    int cleared = (isLast ? 0 : ONLY_LAST) | (isFirst ? 0 : Tcp.CWR);
    Slab.putInt(tcp + Tcp.SEQUENCE, sequence);
    Slab.putByte(tcp + Tcp.FLAGS, flags & ~cleared);
    Slab.putShort(tcp + Tcp.CHECKSUM, 0);
    Slab.putShort(tcp + Tcp.CHECKSUM, Tcp.checksum(at, ipv4Length, length));
  }

  /// Where the segment's IPv4 header is. There is as much room before it as before the
  /// super-packet.
  public long at() {
    return at;
  }

  /// The bytes of the segment with its headers.
  public int length() {
    return length;
  }
}
