package watari.core.path;

import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.Icmp;
import watari.core.wire.Icmpv6;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Outer;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;

/// ICMPv6 at the end of a tunnel: pings of our address, and errors about packets that we sent,
/// which become ICMPv4 errors to the inner sender (RFC 2473 §8).
final class TunnelErrors {
  private final Answers answers;
  private final Outer quoted = new Outer();
  private final Packet inner = new Packet();
  private int type;
  private int mtu;

  TunnelErrors(Answers answers) {
    this.answers = answers;
  }

  /// Reads a message. [Pass#HELD] means: it is an error, its quote is read, and the caller must now
  /// say whether the quoted packet was ours.
  Verdict read(Outer outer, long now, Tunnel tunnel) {
    if (outer.payloadLength() < Icmpv6.HEADER) {
      return Drop.TRANSPORT_MALFORMED;
    }
    if (!Icmpv6.isChecksumRight(outer)) {
      return Drop.ICMP_CHECKSUM_WRONG;
    }
    type = Icmpv6.type(outer.payload());
    if (type == Icmpv6.ECHO) {
      return tunnel.echo(outer, now);
    }
    if (type < Icmpv6.UNREACHABLE || type > Icmpv6.PARAMETER_PROBLEM) {
      return Drop.ICMPV6_NOT_RELAYED;
    }
    boolean isReassemblyTimeout = type == Icmpv6.TIME_EXCEEDED && Icmpv6.code(outer.payload()) != 0;
    if (isReassemblyTimeout) {
      return Drop.ICMPV6_NOT_RELAYED;
    }
    mtu = type == Icmpv6.PACKET_TOO_BIG ? Icmpv6.mtu(outer.payload()) : 0;
    int bytes = outer.payloadLength() - Icmpv6.HEADER;
    return pullQuote(outer.payload() + Icmpv6.HEADER, bytes) ? Pass.HELD : Drop.QUOTE_MALFORMED;
  }

  private boolean pullQuote(long at, int bytes) {
    return quoted.pullQuoted(at, bytes)
        && quoted.nextHeader() == Protocol.IPV4
        && quoted.fragmentOffset() == 0
        && inner.pullQuoted(quoted.payload(), (int) (at + bytes - quoted.payload()));
  }

  /// The outer packet that the error quotes.
  Outer quoted() {
    return quoted;
  }

  /// The inner packet of the quote.
  Packet inner() {
    return inner;
  }

  /// Lowers the MTU of the path to the quoted packet's target when the error says that the packet
  /// was too big.
  void believeMtu(Fit fit, long now) {
    if (type == Icmpv6.PACKET_TOO_BIG && isBelievable()) {
      fit.lower(quoted.targetHigh(), quoted.targetLow(), mtu, now);
    }
  }

  /// Whether the packet could have been too big: the MTU is one of IPv6, and the packet exceeds it.
  private boolean isBelievable() {
    return mtu >= Ipv6.MTU_MIN && mtu - Ipv6.HEADER < Ipv4.totalLength(inner.at());
  }

  /// Writes the ICMPv4 error to the inner source; returns its length, or 0 where none is due: about
  /// a packet that may be fragmented (RFC 2473 §8.3), or with an MTU that cannot be.
  int translate(long now) {
    boolean isTooBig = type == Icmpv6.PACKET_TOO_BIG;
    if (isTooBig && (!isBelievable() || !Ipv4.dontFragment(inner.at()))) {
      return 0;
    }
    return answers.write(
        inner.at(),
        inner.length(),
        inner.source(),
        Icmp.UNREACHABLE,
        isTooBig ? Icmp.UNREACHABLE_FRAGMENTATION_NEEDED : Icmp.UNREACHABLE_HOST,
        isTooBig ? mtu - Ipv6.HEADER : 0,
        now);
  }
}
