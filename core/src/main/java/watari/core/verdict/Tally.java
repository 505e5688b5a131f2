package watari.core.verdict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// How the packets of one direction ended, in packets, with the bytes that came in.
///
/// One thread counts; any thread may read, and sees each number as it was a moment ago.
public final class Tally {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

  private static final int DROPS = Drop.values().length;
  private static final int PASSES = Pass.values().length;
  private static final int RECEIVED_BYTES = DROPS + PASSES;
  private static final int ANSWERS = RECEIVED_BYTES + 1;
  private static final int LOST = ANSWERS + 1;

  private final long[] counts = new long[LOST + 1];

  public Tally() {}

  /// Counts one packet that came in with `bytes` bytes; returns the verdict.
  public Verdict count(Verdict verdict, int bytes) {
    add(slot(verdict), 1);
    add(RECEIVED_BYTES, bytes);
    return verdict;
  }

  /// Adds packets that somebody else has judged; their bytes go to [#countJudgedBytes].
  public void countJudged(Verdict verdict, long packets) {
    add(slot(verdict), packets);
  }

  /// Adds the bytes of packets that somebody else has judged.
  public void countJudgedBytes(long bytes) {
    add(RECEIVED_BYTES, bytes);
  }

  /// Adds all that another has counted.
  public void addAll(Tally other) {
    for (int slot = 0; slot < counts.length; slot++) {
      add(slot, (long) COUNT.getOpaque(other.counts, slot));
    }
  }

  /// Counts one ICMP message that we made.
  public void countAnswer() {
    add(ANSWERS, 1);
  }

  /// Counts packets that are lost apart from the one being judged, such as those whose fragments
  /// time out. They came in before, in pieces that were [Pass#HELD].
  public void countLost(Drop drop, int packets) {
    add(slot(drop), packets);
    add(LOST, packets);
  }

  private void add(int slot, long amount) {
    COUNT.setOpaque(counts, slot, counts[slot] + amount);
  }

  public long packets(Verdict verdict) {
    return (long) COUNT.getOpaque(counts, slot(verdict));
  }

  public long receivedBytes() {
    return (long) COUNT.getOpaque(counts, RECEIVED_BYTES);
  }

  /// ICMP messages that we made.
  public long answers() {
    return (long) COUNT.getOpaque(counts, ANSWERS);
  }

  /// All packets that came in. Each has one verdict; what [#countLost] counts comes on top.
  public long received() {
    long all = -(long) COUNT.getOpaque(counts, LOST);
    for (int slot = 0; slot < RECEIVED_BYTES; slot++) {
      all += (long) COUNT.getOpaque(counts, slot);
    }
    return all;
  }

  /// The order of the constants is the layout of the counts and nothing else.
  @SuppressWarnings("EnumOrdinal")
  private static int slot(Verdict verdict) {
    // no switch: over types it is a method handle, which costs a packet 3 ns
    return verdict instanceof Pass pass ? DROPS + pass.ordinal() : ((Drop) verdict).ordinal();
  }
}
