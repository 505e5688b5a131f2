package watari.host.offload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import watari.core.net.Ipv6Prefix;
import watari.host.kernel.Cidr;

/// The longest match over IPv6 addresses, in one array: where each stretch of addresses begins that
/// has one answer, in order.
///
/// ```
/// ::            2001:db8::     2001:db8:100::     2001:db9::
///  └ none        └ a            └ b                └ none
/// ```
final class Ipv6Routes {
  private final long[] highs;
  private final long[] lows;
  private final int[] answers;

  private record Stretch(long high, long low, int answer) {}

  /// A prefix that is open, with its last address.
  private record Open(long high, long low, int answer) {}

  /// What a prefix answers.
  record Entry(Cidr prefix, int answer) {}

  /// @param entries of IPv6, each prefix once, those that begin first before others and shorter
  ///   ones before longer ones
  /// @param none what addresses in none of them answer
  Ipv6Routes(List<Entry> entries, int none) {
    var stretches = new ArrayList<Stretch>();
    stretches.add(new Stretch(0, 0, none));
    var open = new ArrayDeque<Open>();
    for (Entry entry : entries) {
      Cidr prefix = entry.prefix;
      close(open, stretches, none, prefix.high(), prefix.low());
      stretches.add(new Stretch(prefix.high(), prefix.low(), entry.answer));
      open.push(
          new Open(
              prefix.high() | ~Ipv6Prefix.maskHigh(prefix.length()),
              prefix.low() | ~Ipv6Prefix.maskLow(prefix.length()),
              entry.answer));
    }
    while (!open.isEmpty()) {
      closeOne(open, stretches, none);
    }
    highs = stretches.stream().mapToLong(Stretch::high).toArray();
    lows = stretches.stream().mapToLong(Stretch::low).toArray();
    answers = stretches.stream().mapToInt(Stretch::answer).toArray();
  }

  /// Ends those that do not reach to an address.
  private static void close(
      ArrayDeque<Open> open, List<Stretch> stretches, int none, long high, long low) {
    while (!open.isEmpty() && isBefore(open.element().high, open.element().low, high, low)) {
      closeOne(open, stretches, none);
    }
  }

  /// Behind its last address those around it go on; behind the last of all addresses is nothing.
  private static void closeOne(ArrayDeque<Open> open, List<Stretch> stretches, int none) {
    Open last = open.pop();
    long low = last.low + 1;
    long high = low == 0 ? last.high + 1 : last.high;
    if (high != 0 || low != 0) {
      int answer = open.isEmpty() ? none : open.element().answer;
      stretches.add(new Stretch(high, low, answer));
    }
  }

  private static boolean isBefore(long high, long low, long otherHigh, long otherLow) {
    int order = Long.compareUnsigned(high, otherHigh);
    return order < 0 || (order == 0 && Long.compareUnsigned(low, otherLow) < 0);
  }

  /// The answer of the longest prefix with this address.
  int find(long high, long low) {
    int from = 0;
    int to = highs.length - 1;
    while (from < to) {
      int middle = (from + to + 1) >>> 1;
      if (isBefore(high, low, highs[middle], lows[middle])) {
        to = middle - 1;
      } else {
        from = middle;
      }
    }
    return answers[from];
  }
}
