package watari.core.path;

import java.util.List;
import watari.core.nat.Randomness;
import watari.core.net.Ipv6Address;
import watari.core.wire.Ipv6;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// What fits into the tunnel, and the cutting of what does not (RFC 2473 §7.2, RFC 8200 §4.5).
final class Fit {
  private static final int TCP_AND_IPV4_HEADERS = 40;

  /// How long a lower path MTU is believed (RFC 8201 §4).
  static final long BELIEVED_MILLIS = 10 * 60 * 1000L;

  private final int lineMtu;
  private final FragmentIds ids;
  private final PathMtus paths;
  private final PathNews others;

  /// @param lineMtu the IPv6 MTU of the line
  Fit(int lineMtu, Randomness randomness, Part part) {
    this.lineMtu = lineMtu;
    others = part.others();
    ids = new FragmentIds(randomness, part);
    paths = new PathMtus(randomness.branch(PathMtus.KEYS));
  }

  /// Believes a Packet Too Big message about a packet to the far end of a tunnel. It never raises
  /// the MTU, and nothing lies below 1280 (RFC 8201 §4).
  void lower(long high, long low, int mtu, long now) {
    hear(high, low, mtu, now);
    // also what is known here: another part may have missed it, or forgotten it
    if (mtu < lineMtu && mtu == pathMtu(high, low)) {
      others.narrowed(high, low, mtu, now);
    }
  }

  /// The same, of a message that another part has believed.
  void hear(long high, long low, int mtu, long now) {
    if (mtu >= Ipv6.MTU_MIN && mtu < pathMtu(high, low)) {
      paths.put(high, low, mtu, now + BELIEVED_MILLIS);
    }
  }

  void age(long now) {
    paths.age(now);
  }

  /// Whether every path carries what the line does.
  boolean isLineAll() {
    return paths.isEmpty();
  }

  /// The far ends to which less crosses than the line carries.
  List<Ipv6Address> narrow() {
    return paths.ends();
  }

  /// The longest IPv6 packet that crosses to a far end in one piece.
  int pathMtu(long high, long low) {
    return paths.isEmpty() ? lineMtu : paths.of(high, low, lineMtu);
  }

  /// The longest IPv4 packet that crosses to a far end in one piece.
  int tunnelMtu(long high, long low) {
    return pathMtu(high, low) - Ipv6.HEADER;
  }

  /// The same for every far end about whose path nothing else is known.
  int tunnelMtu() {
    return lineMtu - Ipv6.HEADER;
  }

  /// The largest TCP segment in a packet of that length.
  static int mss(int mtu) {
    return mtu - TCP_AND_IPV4_HEADERS;
  }

  /// Sends an IPv6 packet in fragments. Each fragment's headers are written over the end of the one
  /// before it, which has been sent by then.
  ///
  /// @param at the packet's IPv6 header, with room for a fragment header before it
  /// @param length of the whole packet
  /// @param mtu of its path
  boolean cut(long at, int length, int mtu, Outbox line) {
    int payload = length - Ipv6.HEADER;
    int each = (mtu - Ipv6.HEADER - Ipv6.FRAGMENT_HEADER) & ~7;
    int id = ids.next();
    int nextHeader = Ipv6.nextHeader(at);
    long from = at;
    for (int offset = 0; offset < payload; offset += each) {
      long to = at + offset - Ipv6.FRAGMENT_HEADER;
      int bytes = Math.min(each, payload - offset);
      Slab.move(from, to, Ipv6.HEADER);
      Slab.putShort(to + 4, Ipv6.FRAGMENT_HEADER + bytes);
      Slab.putByte(to + 6, Protocol.FRAGMENT);
      boolean isLast = offset + bytes == payload;
      Slab.putInt(to + Ipv6.HEADER, nextHeader << 24 | offset | (isLast ? 0 : 1));
      Slab.putInt(to + Ipv6.HEADER + 4, id);
      if (!line.send(to, Ipv6.HEADER + Ipv6.FRAGMENT_HEADER + bytes)) {
        return false;
      }
      from = to;
    }
    return true;
  }
}
