package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.host.kernel.Bpf;
import watari.host.kernel.KernelException;
import watari.host.kernel.SharedArray;

/// How the packets of one direction ended that the kernel has carried, one program after the other.
///
/// ```
/// of each processor, in one value:   0  bytes that came in   8  packets of the first verdict   …
/// ```
///
/// A processor counts in a line of its own, so nothing is locked and nothing is lost.
public final class Counts implements AutoCloseable {
  /// The verdicts that programs give.
  static final List<Verdict> VERDICTS =
      List.of(
          Pass.SENT, Drop.SUBSCRIBER_SPOOFED, Drop.SOURCE_PORT_EXCLUDED, Drop.TARGET_PORT_EXCLUDED);

  static final int PROCESSORS_MAX = 4096;
  static final int LINE_BITS = 6;
  private static final int LINE = 1 << LINE_BITS;

  private final String name;
  private volatile @Nullable SharedArray map;

  /// @param name of the map, as the kernel will show it
  public Counts(String name) {
    this.name = name;
  }

  /// The map, which is made when it is first asked for: that takes a right.
  public int descriptor(Bpf bpf) throws KernelException {
    SharedArray made = map;
    if (made == null) {
      made = SharedArray.create(bpf, name, PROCESSORS_MAX * LINE, 1);
      map = made;
    }
    return made.descriptor();
  }

  /// Where the packets of a verdict are in a processor's line.
  static int offset(Verdict verdict) {
    return (VERDICTS.indexOf(verdict) + 1) * Long.BYTES;
  }

  /// Adds what was counted so far; for any thread.
  public void addTo(Tally tally) {
    SharedArray counted = map;
    if (counted != null) {
      VERDICTS.forEach(
          verdict -> tally.countJudged(verdict, sum(counted.values(), offset(verdict))));
      tally.countJudgedBytes(sum(counted.values(), 0));
    }
  }

  /// What somebody else has counted and this together; for any thread.
  public Tally with(Tally other) {
    var whole = new Tally();
    whole.addAll(other);
    addTo(whole);
    return whole;
  }

  private static long sum(MemorySegment values, int offset) {
    long sum = 0;
    for (int processor = 0; processor < PROCESSORS_MAX; processor++) {
      sum += values.get(JAVA_LONG, (long) processor * LINE + offset);
    }
    return sum;
  }

  /// Gives the memory back, when no program counts and nobody asks any more.
  @Override
  public void close() {
    SharedArray made = map;
    if (made != null) {
      made.close();
    }
  }
}
