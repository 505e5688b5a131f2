package watari.core.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;

/// Puts fragments together the obvious way: a list of pieces for each packet, without any bound on
/// memory.
final class SlowReassembly {
  private final long timeoutMillis;
  private final Map<String, Collected> packets = new HashMap<>();

  SlowReassembly(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  /// A fragment.
  static final class Piece {
    private final int offset;
    private final boolean more;
    private final byte[] bytes;

    Piece(int offset, boolean more, byte[] bytes) {
      this.offset = offset;
      this.more = more;
      this.bytes = bytes;
    }

    int offset() {
      return offset;
    }

    boolean more() {
      return more;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return offset + " to " + end() + (more ? ", more" : "");
    }

    int end() {
      return offset + bytes.length;
    }

    boolean isCopyOf(Piece other) {
      return offset == other.offset && Arrays.equals(bytes, other.bytes);
    }

    boolean overlaps(Piece other) {
      return offset < other.end() && other.offset < end();
    }
  }

  /// What came of a fragment: a verdict, or, when the packet is complete, its payload.
  static final class Result {
    private final Verdict verdict;
    private final byte[] payload;

    Result(Verdict verdict, byte[] payload) {
      this.verdict = verdict;
      this.payload = payload;
    }

    Verdict verdict() {
      return verdict;
    }

    byte[] payload() {
      return payload;
    }

    static Result of(Verdict verdict) {
      return new Result(verdict, new byte[0]);
    }
  }

  private static final class Collected {
    private final long begun;
    private final List<Piece> pieces = new ArrayList<>();
    private Verdict death = Pass.HELD;

    Collected(long begun) {
      this.begun = begun;
    }
  }

  /// @param key whatever tells packets apart
  /// @param least what a first fragment must have, in bytes
  Result add(String key, Piece piece, int least, long now) {
    if (piece.offset == 0 && piece.bytes.length < least) {
      return Result.of(Drop.FRAGMENT_TINY);
    }
    if (piece.offset == 0 && !piece.more) {
      return new Result(Pass.SENT, piece.bytes);
    }
    boolean isCut = piece.more && piece.bytes.length % 8 != 0;
    if (piece.bytes.length == 0 || isCut || piece.end() > 65_535) {
      return Result.of(Drop.FRAGMENT_MALFORMED);
    }
    Collected collected = packets.get(key);
    if (collected == null || now - collected.begun >= timeoutMillis) {
      collected = new Collected(now);
      packets.put(key, collected);
    }
    return add(key, collected, piece);
  }

  private Result add(String key, Collected collected, Piece piece) {
    if (collected.death == Pass.HELD) {
      collected.death = judge(collected.pieces, piece);
    }
    if (collected.death != Pass.HELD) {
      return Result.of(collected.death);
    }
    if (collected.pieces.stream().noneMatch(piece::isCopyOf)) {
      collected.pieces.add(piece);
    }
    byte[] payload = payload(collected.pieces);
    if (payload.length > 0) {
      packets.remove(key);
    }
    return new Result(payload.length > 0 ? Pass.SENT : Pass.HELD, payload);
  }

  private static Verdict judge(List<Piece> pieces, Piece piece) {
    for (Piece other : pieces) {
      boolean isBehindTheEnd = !other.more && (piece.end() > other.end());
      boolean isNoEnd = !piece.more && other.end() > piece.end();
      boolean isOneEnd = piece.end() == other.end() && piece.more != other.more;
      boolean isOverlap = piece.overlaps(other) && !piece.isCopyOf(other);
      if (isBehindTheEnd || isNoEnd || isOneEnd || isOverlap) {
        return Drop.FRAGMENT_OVERLAPPING;
      }
    }
    boolean isCopy = pieces.stream().anyMatch(piece::isCopyOf);
    return !isCopy && pieces.size() == 64 ? Drop.FRAGMENTS_TOO_MANY : Pass.HELD;
  }

  /// The whole payload, or nothing while a piece is missing.
  private static byte[] payload(List<Piece> pieces) {
    int end = pieces.stream().filter(piece -> !piece.more).mapToInt(Piece::end).findAny().orElse(0);
    int bytes = pieces.stream().mapToInt(piece -> piece.bytes.length).sum();
    if (bytes != end) {
      return new byte[0];
    }
    var payload = new byte[end];
    for (Piece piece : pieces) {
      System.arraycopy(piece.bytes, 0, payload, piece.offset, piece.bytes.length);
    }
    return payload;
  }
}
