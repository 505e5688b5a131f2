package watari.core.path;

import watari.core.nat.Napt;
import watari.core.wire.Icmp;
import watari.core.wire.Ipv4;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;

/// SYNs from the Internet that nobody at home waits for, kept for six seconds: in that time the
/// home may open the same connection from its end (RFC 5382 REQ-4). So many are kept; of more
/// nobody is told.
final class UnsolicitedSyns {
  private static final int SYNS_MAX = 1024;
  private static final int PATIENCE_MILLIS = 6000;
  private static final int QUOTED = 8;
  private static final int HEADER_MAX = 60;
  private static final int BYTES = HEADER_MAX + QUOTED + 4;

  private final long memory = Slab.take(SYNS_MAX * BYTES);
  private final int[] lengths = new int[SYNS_MAX];
  private final long[] since = new long[SYNS_MAX];
  private int first;
  private int size;

  private long at(int index) {
    return memory + (long) place(index) * BYTES;
  }

  private int place(int index) {
    return (first + index) % SYNS_MAX;
  }

  /// Whether a packet begins a connection.
  static boolean isOne(Packet packet) {
    return packet.protocol() == Protocol.TCP
        && (Tcp.flags(packet.transport()) & (Tcp.SYN | Tcp.ACK | Tcp.RST)) == Tcp.SYN;
  }

  /// Keeps the head of a packet, not translated.
  void add(Packet packet, long now) {
    if (size < SYNS_MAX) {
      lengths[place(size)] = packet.headerLength() + QUOTED;
      since[place(size)] = now;
      Slab.move(packet.at(), at(size), packet.headerLength() + QUOTED);
      size++;
    }
  }

  boolean isDue(long now) {
    return size > 0 && now - since[first] >= PATIENCE_MILLIS;
  }

  private long oldest() {
    return at(0);
  }

  private long transport() {
    return oldest() + Ipv4.headerLength(oldest());
  }

  /// Whether the home has opened the oldest one's connection from its end by now.
  boolean isAnswered(Napt napt, long now) {
    return napt.hasSession(
        Protocol.TCP,
        Slab.shortAt(transport() + 2),
        Ipv4.source(oldest()),
        Slab.shortAt(transport()),
        now);
  }

  /// Writes that nobody takes the oldest one's connection; returns the length, or 0 when that may
  /// not be said.
  int refuse(Answers answers, long now) {
    return answers.write(
        oldest(),
        lengths[first],
        Ipv4.source(oldest()),
        Icmp.UNREACHABLE,
        Icmp.UNREACHABLE_PORT,
        0,
        now);
  }

  void removeOldest() {
    first = place(1);
    size--;
  }

  /// Gives its memory back; once, and nothing may be called after it.
  void close() {
    Slab.give(memory, SYNS_MAX * BYTES);
  }
}
