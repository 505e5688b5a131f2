package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.host.kernel.Bpf;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Processors;
import watari.host.kernel.SharedArray;

/// How the packets of one direction ended that the kernel has carried, one program after the other;
/// where there are domains, domain by domain.
///
/// ```
/// a value for each processor and, within, first for packets of no domain, then for each domain:
/// 0  bytes that came in   8  packets of the first verdict   16  of the second   …
/// ```
///
/// A value is a line of the processor's memory, so nothing is locked and nothing is lost.
public final class Counts implements AutoCloseable {
  /// The verdicts that programs give.
  static final List<Verdict> VERDICTS =
      List.of(
          Pass.SENT, Drop.SUBSCRIBER_SPOOFED, Drop.SOURCE_PORT_EXCLUDED, Drop.TARGET_PORT_EXCLUDED);

  private static final int LINE = 64;

  private final String name;

  /// What was counted by maps of before, domain by domain, and of none.
  private final Map<String, Tally> before = new HashMap<>();

  private final Tally beforeOfNone = new Tally();
  private @Nullable Sheet sheet;

  /// Where programs count now.
  ///
  /// @param values a line for each processor and domain
  /// @param domains the names, those of the lines from 1 on
  private record Sheet(SharedArray values, int processors, List<String> domains) {
    int lines() {
      return domains.size() + 1;
    }

    void addTo(Map<String, Tally> byName) {
      for (int line = 1; line < lines(); line++) {
        addTo(byName.computeIfAbsent(domains.get(line - 1), _ -> new Tally()), line);
      }
    }

    void addTo(Tally tally, int line) {
      for (Verdict verdict : VERDICTS) {
        tally.countJudged(verdict, sum(line, offset(verdict)));
      }
      tally.countJudgedBytes(sum(line, 0));
    }

    private long sum(int line, int offset) {
      long sum = 0;
      for (int processor = 0; processor < processors; processor++) {
        long place = ((long) processor * lines() + line) * LINE;
        sum += values.values().get(JAVA_LONG, place + offset);
      }
      return sum;
    }
  }

  /// What a program needs to know.
  ///
  /// @param descriptor of the map
  /// @param lines of each processor: one for packets of no domain, and one for each domain
  public record Place(int descriptor, int lines) {}

  /// @param name of the map, as the kernel will show it
  public Counts(String name) {
    this.name = name;
  }

  /// Where packets of no domain are counted from now on. The map is made when it is first asked
  /// for: that takes a right.
  public Place place(Bpf bpf) throws KernelException {
    return place(bpf, List.of());
  }

  /// Where packets of these domains are counted from now on; no program counts for others any more.
  public Place place(Bpf bpf, RuleTable rules) throws KernelException {
    return place(bpf, rules.domains().stream().map(MapDomain::name).toList());
  }

  private synchronized Place place(Bpf bpf, List<String> domains) throws KernelException {
    Sheet now = sheet;
    if (now == null || !now.domains.equals(domains)) {
      int processors = Processors.possible(new Libc());
      int entries = Math.multiplyExact(processors, domains.size() + 1);
      var made = new Sheet(SharedArray.create(bpf, name, LINE, entries), processors, domains);
      fold();
      sheet = made;
      now = made;
    }
    return new Place(now.values.descriptor(), now.lines());
  }

  /// Closes the sheet, and adds what is on it to what was before.
  private void fold() {
    Sheet last = sheet;
    if (last != null) {
      last.addTo(beforeOfNone, 0);
      last.addTo(before);
      last.values.close();
    }
    sheet = null;
  }

  /// Forgets all domains but these; what was counted for them is of none from now on.
  public synchronized void keep(Set<String> names) {
    before.forEach((domain, tally) -> {
      if (!names.contains(domain)) {
        beforeOfNone.addAll(tally);
      }
    });
    before.keySet().retainAll(names);
  }

  /// Where the packets of a verdict are in a line.
  static int offset(Verdict verdict) {
    return (VERDICTS.indexOf(verdict) + 1) * Long.BYTES;
  }

  /// Adds what was counted so far; for any thread.
  public synchronized void addTo(Tally tally) {
    tally.addAll(beforeOfNone);
    before.values().forEach(tally::addAll);
    for (int line = 0; sheet != null && line < sheet.lines(); line++) {
      sheet.addTo(tally, line);
    }
  }

  /// What was counted so far for each domain that is not forgotten; for any thread.
  public synchronized Map<String, Tally> byName() {
    Map<String, Tally> byName = new HashMap<>();
    before.forEach((name, tally) -> byName.computeIfAbsent(name, _ -> new Tally()).addAll(tally));
    if (sheet != null) {
      sheet.addTo(byName);
    }
    return byName;
  }

  /// What somebody else has counted and this together; for any thread.
  public Tally with(Tally other) {
    var whole = new Tally();
    whole.addAll(other);
    addTo(whole);
    return whole;
  }

  /// Gives the memory back, when no program counts any more; what was counted stays.
  @Override
  public synchronized void close() {
    fold();
  }
}
