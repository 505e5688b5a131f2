package watari.core.path;

import watari.core.nat.Randomness;
import watari.core.wire.Checksum;
import watari.core.wire.Icmp;
import watari.core.wire.Ipv4;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// The ICMP errors that a way makes about IPv4 packets.
///
/// None is made about an ICMP error, a later fragment, or a packet whose source or target is not
/// one host (RFC 1812 §4.3.2.7), none is longer than 576 bytes (RFC 4443 §2.4c read for IPv4), and
/// no more than the token buckets of [Pace] allow.
final class Answers {
  static final int LENGTH_MAX = 576;
  private static final int TIME_TO_LIVE = 64;

  private final int source;
  private final Pace pace;

  static final int HEADROOM = 64;

  /// Room for an outer header in front, so that an answer can go into the tunnel.
  private final long at = Slab.take(HEADROOM + LENGTH_MAX) + HEADROOM;

  /// @param source the IPv4 address that the errors come from
  Answers(int source, Randomness randomness) {
    this.source = source;
    pace = new Pace(randomness);
  }

  /// Writes an error about a packet, to its source.
  ///
  /// @param word the second word of the ICMP header, such as the MTU of the next hop
  /// @return its length in bytes, or 0 when none may be made
  int write(Packet about, int type, int code, int word, long now) {
    if (about.isError() || !isOneHost(about.target()) || Ipv4.fragmentOffset(about.at()) != 0) {
      return 0;
    }
    return write(about.at(), about.length(), about.source(), type, code, word, now);
  }

  /// Writes an error about a packet of which only the first fragment is there, to its source.
  int writeAboutFirst(long at, int bytes, int type, int code, long now) {
    boolean isError =
        Ipv4.protocol(at) == Protocol.ICMP && Icmp.isError(Slab.byteAt(at + Ipv4.headerLength(at)));
    return isError || !isOneHost(Ipv4.target(at))
        ? 0
        : write(at, bytes, Ipv4.source(at), type, code, 0, now);
  }

  /// Writes an error that quotes the IPv4 packet at `quote`, to `target`.
  int write(long quote, int bytes, int target, int type, int code, int word, long now) {
    if (!isOneHost(target) || !pace.allows(target, now)) {
      return 0;
    }
    int quoted = Math.min(bytes, LENGTH_MAX - Ipv4.HEADER - Icmp.HEADER);
    int length = Ipv4.HEADER + Icmp.HEADER + quoted;
    long icmp = at + Ipv4.HEADER;
    Slab.move(quote, icmp + Icmp.HEADER, quoted);
    Slab.putInt(icmp, type << 24 | code << 16);
    Slab.putInt(icmp + 4, word);
    Slab.putShort(icmp + 2, Checksum.of(Checksum.sum(icmp, Icmp.HEADER + quoted)));
    Ipv4.write(at, length, Protocol.ICMP, TIME_TO_LIVE, source, target);
    return length;
  }

  /// Where the last answer lies.
  long at() {
    return at;
  }

  /// Gives its memory back; once, and nothing may be called after it.
  void close() {
    Slab.give(at - HEADROOM, HEADROOM + LENGTH_MAX);
  }

  static boolean isOneHost(int address) {
    int first = address >>> 24;
    return first != 0 && first != 127 && first < 224;
  }
}
