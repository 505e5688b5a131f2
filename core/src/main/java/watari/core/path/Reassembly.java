package watari.core.path;

import java.util.Arrays;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Ecn;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Outer;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;

/// Puts fragments together again, of the outer packet (RFC 8200 §4.5) or of the inner one (RFC 791
/// §3.2).
///
/// Memory is bounded: so many packets at a time, the oldest unfinished one gives way. Fragments
/// that overlap end their packet (RFC 5722 §4); an exact copy of one that is there does no harm.
/// The whole packet lies in the slab until the next one is complete.
final class Reassembly {
  private static final int OUTER_TIMEOUT_MILLIS = 60_000;
  private static final int INNER_TIMEOUT_MILLIS = 30_000;
  private static final int TRANSPORT_MIN = 8;
  private static final int HEADER_MAX = 60;
  private static final int WHOLE_MAX = Answers.HEADROOM + HEADER_MAX + Ipv4.LENGTH_MAX;

  private final Datagram[] datagrams;
  private final int timeoutMillis;
  private final Tally tally;
  private final long whole = Slab.take(WHOLE_MAX);
  private Verdict verdict = Pass.HELD;
  private int wholeLength;

  private Reassembly(int datagramsMax, int timeoutMillis, Tally tally) {
    datagrams = new Datagram[datagramsMax];
    Arrays.setAll(datagrams, _ -> new Datagram());
    this.timeoutMillis = timeoutMillis;
    this.tally = tally;
  }

  static Reassembly ofOuter(int datagramsMax, Tally tally) {
    return new Reassembly(datagramsMax, OUTER_TIMEOUT_MILLIS, tally);
  }

  static Reassembly ofInner(int datagramsMax, Tally tally) {
    return new Reassembly(datagramsMax, INNER_TIMEOUT_MILLIS, tally);
  }

  /// Adds a fragment; when it was the missing one, `packet` is pulled again over the whole.
  /// Otherwise [#verdict] says what became of it.
  boolean completes(Packet packet, long now) {
    return completes(packet, 0, 0, now);
  }

  /// The same for a fragment that was decapsulated. Fragments of different outer sources never
  /// meet: the check of the whole packet's source is then a check of each of them.
  boolean completes(Packet packet, long outerSourceHigh, long outerSourceLow, long now) {
    int offset = Ipv4.fragmentOffset(packet.at());
    boolean more = Ipv4.hasMoreFragments(packet.at());
    int bytes = packet.transportLength();
    if (isTiny(packet.protocol(), offset, bytes)) {
      return refuse(Drop.FRAGMENT_TINY);
    }
    if (!Datagram.isPossible(offset, more, bytes)) {
      return refuse(Drop.FRAGMENT_MALFORMED);
    }
    long addresses = (long) packet.source() << 32 | (packet.target() & 0xffffffffL);
    long id = (long) Ipv4.identification(packet.at()) << 8 | packet.protocol();
    Datagram datagram = find(addresses, outerSourceHigh, outerSourceLow, 0, id, now);
    int ecn = Ecn.of(Ipv4.trafficClass(packet.at()));
    if (!datagram.add(offset, more, packet.transport(), bytes, ecn)) {
      return refuse(Drop.FRAGMENT_OVERLAPPING);
    }
    if (offset == 0) {
      datagram.keepHeader(packet.at(), packet.headerLength());
    }
    return isComplete(datagram) && isWhole(packet, datagram);
  }

  private boolean isWhole(Packet packet, Datagram datagram) {
    long at = whole + Answers.HEADROOM;
    int ecn = datagram.ecn(Ecn.of(Ipv4.trafficClass(at)));
    if (ecn == Ecn.IMPOSSIBLE) {
      return refuse(Drop.FRAGMENT_ECN_MIXED);
    }
    if (wholeLength > Ipv4.LENGTH_MAX) {
      return refuse(Drop.FRAGMENT_MALFORMED);
    }
    Ipv4.markEcn(at, ecn);
    Ipv4.makeWhole(at, datagram.headerLength(), wholeLength);
    return packet.pull(at, wholeLength) || refuse(packet.flaw());
  }

  /// A first fragment must hold the whole fixed header of its transport; and nobody honest cuts TCP
  /// behind its eighth byte (RFC 1858 §3, RFC 3128 §3).
  private static boolean isTiny(int protocol, int offset, int bytes) {
    boolean isTcp = protocol == Protocol.TCP;
    return offset == 0
        ? bytes < (isTcp ? Tcp.HEADER : TRANSPORT_MIN)
        : isTcp && offset == TRANSPORT_MIN;
  }

  /// Adds a fragment; when it was the missing one, `outer` is pulled again over the whole.
  /// Otherwise [#verdict] says what became of it.
  boolean completes(Outer outer, long now) {
    int offset = outer.fragmentOffset();
    int bytes = outer.payloadLength();
    int least = outer.nextHeader() == Protocol.IPV4 ? Ipv4.HEADER : TRANSPORT_MIN;
    if (offset == 0 && bytes < least) {
      return refuse(Drop.FRAGMENT_TINY);
    }
    if (!Datagram.isPossible(offset, outer.hasMoreFragments(), bytes)) {
      return refuse(Drop.FRAGMENT_MALFORMED);
    }
    Datagram datagram =
        find(
            outer.sourceHigh(),
            outer.sourceLow(),
            outer.targetHigh(),
            outer.targetLow(),
            outer.fragmentId() & 0xffffffffL,
            now);
    int ecn = Ecn.of(outer.trafficClass());
    if (!datagram.add(offset, outer.hasMoreFragments(), outer.payload(), bytes, ecn)) {
      return refuse(Drop.FRAGMENT_OVERLAPPING);
    }
    if (offset == 0) {
      datagram.keepHeader(outer.at(), Ipv6.HEADER);
      datagram.keepNextHeader(outer.nextHeader());
    }
    return isComplete(datagram) && isWhole(outer, datagram);
  }

  private boolean isWhole(Outer outer, Datagram datagram) {
    long at = whole + Answers.HEADROOM;
    int ecn = datagram.ecn(Ecn.of(Ipv6.trafficClass(at)));
    if (ecn == Ecn.IMPOSSIBLE) {
      return refuse(Drop.FRAGMENT_ECN_MIXED);
    }
    Ipv6.markEcn(at, ecn);
    Slab.putShort(at + 4, wholeLength - Ipv6.HEADER);
    Slab.putByte(at + 6, datagram.nextHeader());
    if (!outer.pull(at, wholeLength)) {
      return refuse(outer.flaw());
    }
    // a fragment of a fragment: the whole is still a piece
    return !outer.isFragment() || refuse(Drop.FRAGMENT_MALFORMED);
  }

  /// What became of a fragment that completed nothing.
  Verdict verdict() {
    return verdict;
  }

  private boolean refuse(Drop why) {
    verdict = why;
    return false;
  }

  private boolean isComplete(Datagram datagram) {
    verdict = Pass.HELD;
    if (!datagram.isComplete()) {
      return false;
    }
    wholeLength = datagram.copyTo(whole + Answers.HEADROOM);
    datagram.free();
    return true;
  }

  private Datagram find(long key0, long key1, long key2, long key3, long id, long now) {
    Datagram oldest = datagrams[0];
    for (Datagram datagram : datagrams) {
      if (datagram.isFor(key0, key1, key2, key3, id)) {
        if (now - datagram.begun() < timeoutMillis) {
          return datagram;
        }
        lose(datagram, Drop.FRAGMENT_TIMED_OUT);
      }
      if (datagram.begun() < oldest.begun()) {
        oldest = datagram;
      }
    }
    if (oldest.isUsed()) {
      lose(oldest, Drop.FRAGMENT_MEMORY_FULL);
    }
    oldest.begin(key0, key1, key2, key3, id, now);
    return oldest;
  }

  private void lose(Datagram datagram, Drop why) {
    tally.countLost(why, datagram.isDead() ? 0 : 1);
    datagram.free();
  }

  /// Gives its memory back; once, and nothing may be called after it.
  void close() {
    Slab.give(whole, WHOLE_MAX);
  }

  /// Gives up what has waited too long.
  void age(long now) {
    for (Datagram datagram : datagrams) {
      if (datagram.isUsed() && now - datagram.begun() >= timeoutMillis) {
        lose(datagram, Drop.FRAGMENT_TIMED_OUT);
      }
    }
  }
}
