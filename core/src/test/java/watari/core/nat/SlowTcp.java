package watari.core.nat;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import watari.core.wire.Tcp;

/// What the segments of one connection say of its life (RFC 7857 §2), written to be read.
final class SlowTcp {
  /// A segment as far as it matters here.
  record Segment(int flags, int sequence, int acknowledgement, int dataBytes) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    boolean begins() {
      return has(Tcp.SYN) && !has(Tcp.ACK) && !has(Tcp.FIN) && !has(Tcp.RST);
    }

    /// The number behind it: SYN and FIN take one each.
    int end() {
      return sequence + dataBytes + (has(Tcp.SYN) ? 1 : 0) + (has(Tcp.FIN) ? 1 : 0);
    }
  }

  private enum Seen {
    SYN_OUT,
    SYN_IN,
    FIN_OUT,
    FIN_IN,
    RESET
  }

  private static final int WINDOW_MAX = 1 << 24;

  private final Set<Seen> seen = EnumSet.noneOf(Seen.class);

  /// The numbers behind all that the home and the Internet have sent, and the last that the home
  /// has acknowledged. The number 0 is taken for not known, once in four billion.
  private @Nullable Integer sent;

  private @Nullable Integer received;
  private @Nullable Integer acknowledged;

  int seconds(Timers timers) {
    if (seen.contains(Seen.RESET)) {
      return timers.tcpResetSeconds();
    }
    if (isClosed()) {
      return timers.tcpClosingSeconds();
    }
    boolean isOpen = seen.contains(Seen.SYN_OUT) && seen.contains(Seen.SYN_IN);
    return isOpen ? timers.tcpEstablishedSeconds() : timers.tcpOpeningSeconds();
  }

  private boolean isClosed() {
    return seen.contains(Seen.FIN_OUT) && seen.contains(Seen.FIN_IN);
  }

  /// The home sends; whether that keeps the session alive.
  boolean out(Segment segment) {
    beginAnew(segment);
    if (segment.has(Tcp.RST)) {
      return seen.add(Seen.RESET);
    }
    sent = later(sent, segment.end());
    if (segment.has(Tcp.ACK)) {
      acknowledged = known(segment.acknowledgement());
    }
    mark(segment, Seen.SYN_OUT, Seen.FIN_OUT);
    return true;
  }

  /// The Internet sends; the same.
  boolean in(Segment segment) {
    beginAnew(segment);
    if (segment.has(Tcp.RST)) {
      return fits(segment) && seen.add(Seen.RESET);
    }
    if (acknowledged == null
        || Integer.compareUnsigned(segment.end() - acknowledged, WINDOW_MAX) <= 0) {
      received = later(received, segment.end());
    }
    mark(segment, Seen.SYN_IN, Seen.FIN_IN);
    return true;
  }

  private void beginAnew(Segment segment) {
    if (segment.has(Tcp.SYN) && (isClosed() || seen.contains(Seen.RESET))) {
      seen.clear();
      sent = null;
      received = null;
      acknowledged = null;
    }
  }

  /// A reset has the number that the home waits for or the one behind all that came; before
  /// anything came it acknowledges the SYN.
  private boolean fits(Segment reset) {
    if (acknowledged == null && received == null) {
      return sent == null || (reset.has(Tcp.ACK) && reset.acknowledgement() == sent);
    }
    return is(acknowledged, reset.sequence()) || is(received, reset.sequence());
  }

  private void mark(Segment segment, Seen syn, Seen fin) {
    seen.remove(Seen.RESET);
    if (segment.has(Tcp.SYN)) {
      seen.add(syn);
    } else if (segment.has(Tcp.FIN)) {
      seen.add(fin);
    }
  }

  /// What a reset would need, for a test that wants to send one that fits.
  int fitting() {
    return acknowledged != null ? acknowledged : received != null ? received : 0;
  }

  /// What the home has sent, for a test that wants to acknowledge it.
  int sent() {
    return sent == null ? 0 : sent;
  }

  private static boolean is(@Nullable Integer known, int number) {
    return known != null && known == number;
  }

  private static @Nullable Integer known(int number) {
    return number == 0 ? null : number;
  }

  private static @Nullable Integer later(@Nullable Integer known, int number) {
    return known == null || number - known > 0 ? known(number) : known;
  }
}
