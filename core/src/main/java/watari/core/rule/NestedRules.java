package watari.core.rule;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import watari.core.net.Ipv6Prefix;

/// Which rules have others inside their IPv6 prefix.
///
/// An end-user prefix that lies in a longer rule too is a subscriber of the longer one (RFC 7597
/// §5), so the shorter rule has no subscriber there. Without this the subscriber of the longer rule
/// could send as the one that the shorter rule would have made of it (RFC 7597 §8.1).
final class NestedRules {
  private final List<MapRule> rules;

  /// The inner rules of rule i are `inner[starts[i]]` to `inner[starts[i + 1] - 1]`, disjoint and
  /// by rising prefix.
  private final int[] starts;

  private final int[] inner;

  /// @param rules no two with the same IPv6 prefix
  NestedRules(List<MapRule> rules) {
    this.rules = rules;
    Integer[] order = new Integer[rules.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(i -> rules.get(i).ipv6()));
    int[] outerOf = outerOf(order);
    starts = new int[rules.size() + 1];
    for (int outer : outerOf) {
      if (outer >= 0) {
        starts[outer + 1]++;
      }
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    inner = new int[starts[rules.size()]];
    int[] next = Arrays.copyOf(starts, rules.size());
    for (int index : order) {
      if (outerOf[index] >= 0) {
        inner[next[outerOf[index]]++] = index;
      }
    }
  }

  /// The rule right around each rule, or -1 where there is none with subscribers in it.
  private int[] outerOf(Integer[] order) {
    var outerOf = new int[order.length];
    var around = new ArrayDeque<Integer>();
    for (int index : order) {
      Ipv6Prefix prefix = rules.get(index).ipv6();
      while (!around.isEmpty() && !rules.get(around.element()).ipv6().contains(prefix)) {
        around.pop();
      }
      boolean hides =
          !around.isEmpty() && prefix.length() <= rules.get(around.element()).endUserLength();
      outerOf[index] = hides ? around.element() : -1;
      around.push(index);
    }
    return outerOf;
  }

  boolean isOuter(int index) {
    return starts[index] < starts[index + 1];
  }

  /// Whether an end-user prefix of the rule with this index lies in a rule inside it.
  ///
  /// @param high bits 0 to 63 of the end-user prefix
  /// @param low bits 64 to 127
  boolean hides(int index, long high, long low) {
    int from = starts[index];
    int to = starts[index + 1];
    while (from < to) {
      int middle = (from + to) >>> 1;
      Ipv6Prefix prefix = rules.get(inner[middle]).ipv6();
      if (prefix.contains(high, low)) {
        return true;
      }
      int first = Long.compareUnsigned(prefix.high(), high);
      boolean isBelow = first != 0 ? first < 0 : Long.compareUnsigned(prefix.low(), low) < 0;
      from = isBelow ? middle + 1 : from;
      to = isBelow ? to : middle;
    }
    return false;
  }
}
