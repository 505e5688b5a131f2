package watari.core.path;

import watari.core.nat.Randomness;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.Icmpv6;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Outer;
import watari.core.wire.Protocol;

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

  Tunnel(TunnelSettings settings, Outbox line, Randomness randomness) {
    this.line = line;
    fit = new Fit(settings.lineMtu(), randomness);
    pace = new Pace(randomness);
    hopLimit = settings.hopLimit();
    answers = new OuterAnswers(line, pace, hopLimit);
    copiedBits = settings.copiedBits();
    fixedBits = settings.fixedBits();
  }

  Fit fit() {
    return fit;
  }

  OuterAnswers answers() {
    return answers;
  }

  /// Sends the IPv4 packet at `at` through the tunnel, whole or in outer fragments.
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
    return length <= mtu ? line.send(outer, length) : fit.cut(outer, length, mtu, line);
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
