package watari.core.wire;

/// TCP segments of one flow, joined one behind the other under the headers of the first.
final class TcpTrain implements AutoCloseable {
  /// Room for what goes in front of a packet.
  private static final int HEADROOM = 64;

  private static final int BYTES = HEADROOM + Ipv4.LENGTH_MAX;
  private static final int HEADERS = Ipv4.HEADER + Tcp.HEADER;
  private static final int TCP = Ipv4.HEADER;

  /// Flags that a segment may have: of FIN, SYN, RST, URG and CWR each says something of its place
  /// in the stream, and the sender of a segment with PSH has no more to say now.
  private static final int FLAGS_ALONE = Tcp.FIN | Tcp.SYN | Tcp.RST | Tcp.URG | Tcp.CWR;

  /// In the word with offset, flags and window.
  private static final int PSH_BIT = Tcp.PSH << 16;

  private final long buffer = Slab.take(BYTES);
  private final long head = buffer + HEADROOM;
  private long addresses;
  private int ports;
  private int headersLength;
  private int length;
  private int segmentBytes;
  private int segments;
  private int sequence;
  private int identification;
  private boolean isFull;

  TcpTrain() {}

  /// Whether a packet is TCP over IPv4 at all.
  static boolean isTcp(long at, int length) {
    return length >= HEADERS && Slab.byteAt(at) >>> 4 == 4 && Ipv4.protocol(at) == Protocol.TCP;
  }

  /// Whether its ports are where they usually are: it has no IPv4 options and is whole.
  static boolean isPlain(long at, int length) {
    return Ipv4.headerLength(at) == Ipv4.HEADER
        && Ipv4.totalLength(at) == length
        && (Ipv4.flags(at) & (Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK)) == 0;
  }

  /// Whether others could follow a segment: it has a payload and nothing that must come last.
  static boolean isBeginning(long at, int length) {
    return isJoinable(at, length) && (Tcp.flags(at + TCP) & Tcp.PSH) == 0;
  }

  private static boolean isJoinable(long at, int length) {
    long tcp = at + TCP;
    int headers = Tcp.headerLength(tcp);
    return headers >= Tcp.HEADER
        && TCP + headers < length
        && (Tcp.flags(tcp) & (Tcp.ACK | FLAGS_ALONE)) == Tcp.ACK
        && Tcp.isChecksumRight(at, TCP, length);
  }

  boolean isEmpty() {
    return segments == 0;
  }

  /// Whether a packet is one of the flow in hand.
  boolean isFlowOf(long at) {
    return segments > 0 && Slab.longAt(at + 12) == addresses && Slab.intAt(at + TCP) == ports;
  }

  /// Takes the first segment.
  void begin(long at, int length) {
    Slab.move(at, head, length);
    addresses = Slab.longAt(at + 12);
    ports = Slab.intAt(at + TCP);
    headersLength = TCP + Tcp.headerLength(at + TCP);
    this.length = length;
    segmentBytes = length - headersLength;
    segments = 1;
    sequence = Slab.intAt(at + TCP + Tcp.SEQUENCE) + segmentBytes;
    identification = (Ipv4.identification(at) + 1) & 0xffff;
    isFull = false;
  }

  /// Whether a segment of the flow comes right behind those that are here.
  boolean takes(long at, int length) {
    int payload = length - headersLength;
    return !isFull
        && payload <= segmentBytes
        && this.length + payload <= Ipv4.LENGTH_MAX
        && Slab.intAt(at + TCP + Tcp.SEQUENCE) == sequence
        && isAlike(at)
        && isJoinable(at, length);
  }

  /// Whether all is equal that a super-packet says once: service and congestion mark, Don't
  /// Fragment, time to live, what is acknowledged, window and options. An identification means
  /// nothing where Don't Fragment is said (RFC 6864 §4.1), else it must be the next.
  private boolean isAlike(long at) {
    return Slab.shortAt(at) == Slab.shortAt(head)
        && Slab.shortAt(at + 6) == Slab.shortAt(head + 6)
        && (Ipv4.dontFragment(at) || Ipv4.identification(at) == identification)
        && Slab.shortAt(at + 8) == Slab.shortAt(head + 8)
        && Slab.intAt(at + TCP + 8) == Slab.intAt(head + TCP + 8)
        && (Slab.intAt(at + TCP + 12) | PSH_BIT) == (Slab.intAt(head + TCP + 12) | PSH_BIT)
        && Slab.shortAt(at + TCP + 18) == Slab.shortAt(head + TCP + 18)
        && hasSameOptions(at);
  }

  private boolean hasSameOptions(long at) {
    for (int i = HEADERS; i < headersLength; i += 4) {
      if (Slab.intAt(at + i) != Slab.intAt(head + i)) {
        return false;
      }
    }
    return true;
  }

  /// Takes a segment that it [#takes].
  void add(long at, int length) {
    int payload = length - headersLength;
    Slab.move(at + headersLength, head + this.length, payload);
    int push = Tcp.flags(at + TCP) & Tcp.PSH;
    Slab.putByte(head + TCP + Tcp.FLAGS, Tcp.flags(head + TCP) | push);
    this.length += payload;
    segments++;
    sequence += payload;
    identification = (identification + 1) & 0xffff;
    isFull = push != 0 || payload < segmentBytes || this.length + segmentBytes > Ipv4.LENGTH_MAX;
  }

  /// Whether no segment can follow.
  boolean isFull() {
    return isFull;
  }

  /// Sends what is here, one segment as it came, and is empty.
  boolean leave(TcpJoiner.Exit exit) {
    boolean isSuper = segments > 1;
    segments = 0;
    if (isSuper) {
      finish();
    }
    return exit.send(head, length, isSuper ? segmentBytes : 0);
  }

  private void finish() {
    Slab.putShort(head + 2, length);
    Slab.putShort(head + 10, 0);
    Slab.putShort(head + 10, Checksum.of(Checksum.sum(head, TCP)));
    Slab.putShort(head + TCP + Tcp.CHECKSUM, Checksum.fold(Tcp.pseudoHeader(head, TCP, length)));
  }

  @Override
  public void close() {
    Slab.give(buffer, BYTES);
  }
}
