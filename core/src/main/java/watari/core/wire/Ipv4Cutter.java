package watari.core.wire;

/// Cuts a whole IPv4 packet into fragments, where it lies (RFC 791 §3.2).
///
/// ```
///          | header | payload 1 | payload 2 | payload 3 |
/// first    | header | payload 1 |
/// next              | header    | payload 2 |      written over the end of payload 1
/// ```
///
/// So the fragment before must be done with when the next one is asked for. Options stand in the
/// first fragment, and in the others only those that say so themselves. One object serves all
/// packets of a thread.
public final class Ipv4Cutter {
  private static final int HEADER_MAX = 60;
  private static final int END_OF_OPTIONS = 0;
  private static final int NO_OPERATION = 1;

  /// The bit of an option's type that says that all fragments have it.
  private static final int COPIED = 0x80;

  private final byte[] header = new byte[HEADER_MAX];
  private int headerLength;
  private int each;
  private int offset;
  private long payload;
  private long end;
  private long at;
  private int length;

  public Ipv4Cutter() {}

  /// Takes a packet up; [#next] gives its fragments.
  ///
  /// @param at a packet whose options can be read, and that is no fragment
  /// @param mtu the longest fragment, at least 68 bytes
  public void begin(long at, int length, int mtu) {
    headerLength = Ipv4.headerLength(at);
    Slab.read(at, header, 0, headerLength);
    each = (mtu - headerLength) & ~7;
    offset = 0;
    payload = at + headerLength;
    end = at + length;
  }

  /// Makes the next fragment and forgets the one before.
  ///
  /// @return false when there is none left
  public boolean next() {
    if (payload >= end) {
      return false;
    }
    int bytes = (int) Math.min(each, end - payload);
    at = payload - headerLength;
    length = headerLength + bytes;
    payload += bytes;
    Slab.write(at, header, 0, headerLength);
    Slab.putShort(at + 2, length);
    Slab.putShort(at + 6, offset >>> 3 | (payload < end ? Ipv4.MORE_FRAGMENTS : 0));
    Slab.putShort(at + 10, 0);
    Slab.putShort(at + 10, Checksum.of(Checksum.sum(at, headerLength)));
    if (offset == 0) {
      keepCopiedOptions();
    }
    offset += bytes;
    return true;
  }

  private void keepCopiedOptions() {
    int to = Ipv4.HEADER;
    int from = Ipv4.HEADER;
    while (from < headerLength && header[from] != END_OF_OPTIONS) {
      int type = header[from];
      int bytes = type == NO_OPERATION ? 1 : header[from + 1] & 0xff;
      int there = Math.min(bytes, headerLength - from);
      if ((type & COPIED) != 0) {
        System.arraycopy(header, from, header, to, there);
        to += there;
      }
      from += there;
    }
    while (to % 4 != 0) {
      header[to++] = END_OF_OPTIONS;
    }
    headerLength = to;
    header[0] = (byte) (0x40 | to >>> 2);
  }

  /// Where the fragment's header is. There is as much room before it as before the packet.
  public long at() {
    return at;
  }

  /// The bytes of the fragment with its header.
  public int length() {
    return length;
  }
}
