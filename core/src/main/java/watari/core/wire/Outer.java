package watari.core.wire;

import watari.core.verdict.Drop;

/// A view of one IPv6 packet in the slab, as it arrives at the end of a tunnel. One object serves
/// all packets of a thread.
///
/// Extension headers are read from the left (RFC 2473 §3.3); the payload begins behind them. An
/// atomic fragment is a whole packet (RFC 6946 §4).
public final class Outer {
  private static final int EXTENSIONS_MAX = 8;

  private long at;
  private int length;
  private int trafficClass;
  private int nextHeader;
  private long payload;
  private boolean isFragment;
  private int fragmentOffset;
  private boolean hasMoreFragments;
  private int fragmentId;
  private Drop flaw = Drop.NOT_IP;

  public Outer() {}

  /// Takes the packet apart as far as its first header that is no extension.
  ///
  /// @return whether it is well formed; if not, [#flaw] says why not
  public boolean pull(long at, int available) {
    if (available < Ipv6.HEADER) {
      return refuse(Drop.IPV6_MALFORMED);
    }
    // one read for the four fields before the addresses, as in Packet
    long first = Slab.longAt(at);
    int length = length(first);
    return length <= available ? pullHeaders(at, length, first) : refuse(Drop.IPV6_MALFORMED);
  }

  private static int length(long first) {
    return Ipv6.HEADER + ((int) (first >>> 16) & 0xffff);
  }

  /// Takes apart what an ICMPv6 error quotes of a packet, which may be only its beginning.
  public boolean pullQuoted(long at, int available) {
    if (available < Ipv6.HEADER) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    long first = Slab.longAt(at);
    return pullHeaders(at, Math.min(available, length(first)), first);
  }

  private boolean pullHeaders(long at, int length, long first) {
    this.at = at;
    this.length = length;
    isFragment = false;
    fragmentOffset = 0;
    if (first >>> 60 != 6) {
      return refuse(Drop.NOT_IP);
    }
    trafficClass = (int) (first >>> 52) & 0xff;
    nextHeader = (int) (first >>> 8) & 0xff;
    payload = at + Ipv6.HEADER;
    return nextHeader == Protocol.IPV4 || pullExtensions();
  }

  private boolean pullExtensions() {
    for (int i = 0; i < EXTENSIONS_MAX && !isFragment; i++) {
      switch (nextHeader) {
        case Protocol.HOP_BY_HOP, Protocol.DESTINATION_OPTIONS -> {
          if (!skipOptions()) {
            return false;
          }
        }
        case Protocol.FRAGMENT -> {
          if (!pullFragment()) {
            return false;
          }
        }
        default -> {
          return true;
        }
      }
    }
    return isFragment || refuse(Drop.IPV6_MALFORMED);
  }

  private boolean skipOptions() {
    int bytes = payloadLength() < 8 ? 8 : (Slab.byteAt(payload + 1) + 1) << 3;
    if (bytes > payloadLength()) {
      return refuse(Drop.IPV6_MALFORMED);
    }
    nextHeader = Slab.byteAt(payload);
    payload += bytes;
    return true;
  }

  private boolean pullFragment() {
    if (payloadLength() < Ipv6.FRAGMENT_HEADER) {
      return refuse(Drop.IPV6_MALFORMED);
    }
    int place = Slab.shortAt(payload + 2);
    nextHeader = Slab.byteAt(payload);
    fragmentOffset = place & ~7;
    hasMoreFragments = (place & 1) != 0;
    fragmentId = Slab.intAt(payload + 4);
    isFragment = fragmentOffset != 0 || hasMoreFragments;
    payload += Ipv6.FRAGMENT_HEADER;
    return true;
  }

  private boolean refuse(Drop why) {
    flaw = why;
    return false;
  }

  /// Why [#pull] said no.
  public Drop flaw() {
    return flaw;
  }

  public long at() {
    return at;
  }

  public int length() {
    return length;
  }

  public int trafficClass() {
    return trafficClass;
  }

  public int nextHeader() {
    return nextHeader;
  }

  public long payload() {
    return payload;
  }

  public int payloadLength() {
    return (int) (at + length - payload);
  }

  public long sourceHigh() {
    return Ipv6.sourceHigh(at);
  }

  public long sourceLow() {
    return Ipv6.sourceLow(at);
  }

  public long targetHigh() {
    return Ipv6.targetHigh(at);
  }

  public long targetLow() {
    return Ipv6.targetLow(at);
  }

  public boolean isFrom(long high, long low) {
    return sourceHigh() == high && sourceLow() == low;
  }

  public boolean isTo(long high, long low) {
    return targetHigh() == high && targetLow() == low;
  }

  public boolean isFragment() {
    return isFragment;
  }

  /// Where the fragment's payload lies in the whole, in bytes.
  public int fragmentOffset() {
    return fragmentOffset;
  }

  public boolean hasMoreFragments() {
    return hasMoreFragments;
  }

  /// All 32 bits are meaningful; do not compare by size.
  public int fragmentId() {
    return fragmentId;
  }
}
