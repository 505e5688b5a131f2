package watari.core.path;

import watari.core.verdict.Drop;
import watari.core.verdict.Verdict;
import watari.core.wire.Icmpv6;
import watari.core.wire.Ipv6;
import watari.core.wire.Outer;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// The ICMPv6 errors that the end of a tunnel makes about outer fragments (RFC 8200 §4.5).
///
/// None goes to a source that is not one host (RFC 4443 §2.4e), each quotes as much as fits into
/// 1280 bytes (§2.4c), and no more are made than the token buckets of [Pace] allow (§2.4f). What
/// comes in ICMPv6 is never put together, so none is about an ICMPv6 error.
final class OuterAnswers {
  private static final int ROOM = Ipv6.MTU_MIN;
  private static final int QUOTE_MAX = ROOM - Ipv6.HEADER - Icmpv6.HEADER;
  private static final int PAYLOAD_LENGTH_FIELD = 4;
  private static final int OFFSET_FIELD = 2;

  private final Outbox line;
  private final Pace pace;
  private final int hopLimit;
  private final long room = Slab.take(ROOM);

  OuterAnswers(Outbox line, Pace pace, int hopLimit) {
    this.line = line;
    this.pace = pace;
    this.hopLimit = hopLimit;
  }

  /// Tells the sender of a fragment what is wrong with its length, its place or its headers.
  ///
  /// @param verdict what became of it
  /// @return whether there was something to tell, and it was sent
  boolean aboutFragment(Outer outer, Verdict verdict, long now) {
    if (verdict == Drop.FRAGMENT_TINY) {
      return problem(outer, Icmpv6.FIRST_FRAGMENT_INCOMPLETE, 0, now);
    }
    if (verdict != Drop.FRAGMENT_MALFORMED) {
      return false;
    }
    int bytes = outer.payloadLength();
    if (Datagram.isCut(outer.hasMoreFragments(), bytes)) {
      return problem(outer, Icmpv6.ERRONEOUS_FIELD, PAYLOAD_LENGTH_FIELD, now);
    }
    int fragmentHeader = (int) (outer.payload() - outer.at()) - Ipv6.FRAGMENT_HEADER;
    return Datagram.isBeyond(outer.fragmentOffset(), bytes)
        && problem(outer, Icmpv6.ERRONEOUS_FIELD, fragmentHeader + OFFSET_FIELD, now);
  }

  private boolean problem(Outer outer, int code, int pointer, long now) {
    return send(outer.at(), outer.length(), Icmpv6.PARAMETER_PROBLEM, code, pointer, now);
  }

  /// Tells the sender of a packet that its time is over.
  ///
  /// @param at its first fragment
  boolean aboutTime(long at, int length, long now) {
    return send(at, length, Icmpv6.TIME_EXCEEDED, Icmpv6.REASSEMBLY_TIME_EXCEEDED, 0, now);
  }

  private boolean send(long about, int bytes, int type, int code, int word, long now) {
    long high = Ipv6.sourceHigh(about);
    long low = Ipv6.sourceLow(about);
    if (!Tunnel.isOneHost(high, low) || !pace.allows(high, now)) {
      return false;
    }
    int quoted = Math.min(bytes, QUOTE_MAX);
    Slab.move(about, room + Ipv6.HEADER + Icmpv6.HEADER, quoted);
    Ipv6.write(
        room,
        /* trafficClass= */ 0,
        Icmpv6.HEADER + quoted,
        Protocol.ICMPV6,
        hopLimit,
        /* sourceHigh= */ Ipv6.targetHigh(about),
        /* sourceLow= */ Ipv6.targetLow(about),
        /* targetHigh= */ high,
        /* targetLow= */ low);
    Icmpv6.write(room, type, code, word);
    return line.send(room, Ipv6.HEADER + Icmpv6.HEADER + quoted);
  }

  /// Gives its memory back; once, and nothing may be called after it.
  void close() {
    Slab.give(room, ROOM);
  }
}
