package watari.core.path;

import watari.core.nat.Randomness;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.Icmpv6;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv4Cutter;
import watari.core.wire.Ipv6;
import watari.core.wire.Outer;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// The near end of an IPv4-in-IPv6 tunnel (RFC 2473): puts the outer header in front and sends.
///
/// The outer header is what [TunnelSettings] say.
final class Tunnel {
  private final Outbox line;
  private final Fit fit;
  private final Pace pace;
  private final OuterAnswers answers;
  private final int hopLimit;
  private final int copiedBits;
  private final int fixedBits;
  private final boolean cutsInside;
  private final Ipv4Cutter cutter = new Ipv4Cutter();

  Tunnel(TunnelSettings settings, Outbox line, Randomness randomness) {
    this(settings, line, randomness, false, Part.WHOLE);
  }

  /// @param cutsInside whether what is too long goes in fragments of IPv4, each in a packet of its
  ///   own, and not in fragments of IPv6
  Tunnel(
      TunnelSettings settings, Outbox line, Randomness randomness, boolean cutsInside, Part part) {
    this.line = line;
    fit = new Fit(settings.lineMtu(), randomness, part);
    pace = new Pace(randomness);
    hopLimit = settings.hopLimit();
    answers = new OuterAnswers(line, pace, hopLimit);
    copiedBits = settings.copiedBits();
    fixedBits = settings.fixedBits();
    this.cutsInside = cutsInside;
  }

  Fit fit() {
    return fit;
  }

  OuterAnswers answers() {
    return answers;
  }

  /// Sends the IPv4 packet at `at` through the tunnel, whole or in fragments.
  Verdict enter(
      long at, int length, long sourceHigh, long sourceLow, long targetHigh, long targetLow) {
    long outer = at - Ipv6.HEADER;
    int outerLength = length + Ipv6.HEADER;
    Ipv6.write(
        outer,
        (Ipv4.trafficClass(at) & copiedBits) | fixedBits,
        length,
        Protocol.IPV4,
        hopLimit,
        sourceHigh,
        sourceLow,
        targetHigh,
        targetLow);
    return send(outer, outerLength) ? Pass.SENT : Drop.DOOR_FULL;
  }

  private boolean send(long outer, int length) {
    int mtu = fit.pathMtu(Ipv6.targetHigh(outer), Ipv6.targetLow(outer));
    return length <= mtu ? line.send(outer, length) : cut(outer, length, mtu);
  }

  private boolean cut(long outer, int length, int mtu) {
    boolean isInside = cutsInside && Ipv6.nextHeader(outer) == Protocol.IPV4;
    return isInside ? cutInside(outer, length, mtu) : fit.cut(outer, length, mtu, line);
  }

  /// The outer header of each piece is that of the piece before, which has been sent by then.
  private boolean cutInside(long outer, int length, int mtu) {
    cutter.begin(outer + Ipv6.HEADER, length - Ipv6.HEADER, mtu - Ipv6.HEADER);
    long from = outer;
    while (cutter.next()) {
      long to = cutter.at() - Ipv6.HEADER;
      Slab.move(from, to, Ipv6.HEADER);
      Slab.putShort(to + 4, cutter.length());
      if (!line.send(to, Ipv6.HEADER + cutter.length())) {
        return false;
      }
      from = to;
    }
    return true;
  }

  /// Answers a ping of our tunnel address.
  Verdict echo(Outer outer, long now) {
    if (!isOneHost(outer.sourceHigh(), outer.sourceLow())) {
      return Drop.OUTER_SOURCE_UNKNOWN;
    }
    if (!pace.allows(outer.sourceHigh(), now)) {
      return Drop.ICMPV6_NOT_RELAYED;
    }
    Icmpv6.makeReply(outer.payload());
    Ipv6.write(
        outer.payload() - Ipv6.HEADER,
        outer.trafficClass(),
        outer.payloadLength(),
        Protocol.ICMPV6,
        hopLimit,
        /* sourceHigh= */ outer.targetHigh(),
        /* sourceLow= */ outer.targetLow(),
        /* targetHigh= */ outer.sourceHigh(),
        /* targetLow= */ outer.sourceLow());
    int length = Ipv6.HEADER + outer.payloadLength();
    return send(outer.payload() - Ipv6.HEADER, length) ? Pass.ANSWERED : Drop.DOOR_FULL;
  }

  /// Neither multicast nor unspecified nor ourselves on the loopback.
  static boolean isOneHost(long high, long low) {
    return high >>> 56 != 0xff && (high != 0 || low >>> 1 != 0);
  }

  /// Gives its memory back; once, and nothing may be called after it.
  void close() {
    answers.close();
  }
}
