package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.wire.Protocol;

/// How long the chains become for somebody who wants them long: counted, not timed.
final class SessionTableTest {
  private static final int SESSIONS = 100_000;
  private static final long SECRET = 0x0123456789abcdefL;
  private static final int HOST = 0xc0a80102;
  private static final int BYTES = 64;

  /// The links of the inside's, the outside's and the peer's chains, as the table's doc has them.
  private static final long[] LINKS = {32, 36, 40};

  /// Random endpoints in as many heads as sessions would have one chain of 11 in many million.
  private static final int CHAIN_MAX = 11;

  /// The two ends of a session.
  private record Ends(int address, int port, int remoteAddress, int remotePort) {}

  /// Different endpoints at home and, for each, the remote one with which it has the same hash as
  /// all the others: to find it needs the secret, and that the source can be read.
  private static Ends colliding(int number) {
    int address = HOST + number / 50_000;
    int port = 1024 + number % 50_000;
    long oneFactor = SECRET | 1;
    long otherFactor = Randomness.mix(SECRET) | 1;
    long remote = (inside(HOST, 1024) - inside(address, port)) * oneFactor * inverse(otherFactor);
    assertThat(remote & 0xffff).isZero();
    return new Ends(address, port, (int) (remote >>> 32), (int) (remote >>> 16) & 0xffff);
  }

  private static long inside(int address, int port) {
    return (long) address << 32 | (long) port << 16 | Protocol.UDP << 8;
  }

  /// The number that an odd one must be multiplied with to become 1: each step of Newton's doubles
  /// the bits that are right, beginning with three.
  private static long inverse(long odd) {
    long inverse = odd;
    for (int bits = 3; bits < Long.SIZE; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }

  private static MemorySegment tableOfColliding(long secret) {
    MemorySegment memory = Arena.ofAuto().allocate((long) SESSIONS * BYTES, BYTES);
    var table = new SessionTable((_, _) -> memory, SESSIONS, secret);
    for (int i = 0; i < SESSIONS; i++) {
      Ends ends = colliding(i);
      int outerPort = Ports.RANGES_OF_16.port(i % 240);
      table.add(
          ends.address, ends.port, Protocol.UDP, ends.remoteAddress, ends.remotePort, outerPort);
    }
    return memory;
  }

  private static int longestChain(MemorySegment memory, long link) {
    int[] next = IntStream.range(0, SESSIONS).map(i -> next(memory, i, link)).toArray();
    var hasPrevious = new boolean[SESSIONS];
    for (int session : next) {
      if (session != SessionTable.NONE) {
        hasPrevious[session] = true;
      }
    }
    return IntStream.range(0, SESSIONS)
        .filter(session -> !hasPrevious[session])
        .map(head -> length(next, head))
        .max()
        .orElseThrow();
  }

  private static int next(MemorySegment memory, int session, long link) {
    return memory.get(ValueLayout.JAVA_INT, (long) session * BYTES + link);
  }

  private static int length(int[] next, int head) {
    int length = 0;
    for (int at = head; at != SessionTable.NONE; at = next[at]) {
      length++;
    }
    return length;
  }

  /// So the sessions of the other test are the worst that there are.
  @Test
  void isOneChainForWhoKnowsTheSecret() {
    assertThat(longestChain(tableOfColliding(SECRET), LINKS[0])).isEqualTo(SESSIONS);
  }

  /// CGN-05, T-32, D-41: the same 100,000 sessions where the secret is another, be it by one bit.
  @ParameterizedTest
  @ValueSource(longs = {SECRET ^ 2, SECRET ^ 1L << 63, 0, -1, 0x5ca1ab1e0ddba11L})
  void hasShortChainsForWhoDoesNot(long secret) {
    MemorySegment memory = tableOfColliding(secret);
    for (long link : LINKS) {
      assertThat(longestChain(memory, link)).as("link at %d", link).isBetween(2, CHAIN_MAX);
    }
  }
}
