package watari.core.rule;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What to offer somebody who wants a port that is not to be had: the free ports of the set that
/// lie nearest to it, and those that are the easiest to say on the telephone.
///
/// @param nearest the nearest first
/// @param easiest the easiest first
public record PortAdvice(List<Integer> nearest, List<Integer> easiest) {
  private static final int OFFERED_MAX = 3;

  public PortAdvice {
    nearest = List.copyOf(nearest);
    easiest = List.copyOf(easiest);
  }

  /// What to offer of a set.
  ///
  /// @param wanted the port that is not to be had
  /// @param isFree which ports of the set nobody has
  public static PortAdvice of(PortSet ports, int wanted, IntPredicate isFree) {
    return new PortAdvice(
        first(
            ports,
            isFree,
            Comparator.comparingInt((Integer port) -> Math.abs(port - wanted))
                .thenComparing(Comparator.naturalOrder())),
        first(ports, isFree, easiestFirst()));
  }

  /// The same port by the same owner comes out every time: what is as easy goes by its number.
  private static Comparator<Integer> easiestFirst() {
    return Comparator.comparing((Integer port) -> Ease.of(port))
        .thenComparingInt(PortAdvice::distinctDigits)
        .thenComparing(Comparator.naturalOrder());
  }

  private static List<Integer> first(
      PortSet ports, IntPredicate isFree, Comparator<Integer> order) {
    return IntStream.range(0, ports.size())
        .map(ports::port)
        .filter(port -> port > 0 && isFree.test(port))
        .boxed()
        .sorted(order)
        .limit(OFFERED_MAX)
        .toList();
  }

  private static int distinctDigits(int port) {
    return (int) Integer.toString(port).chars().distinct().count();
  }

  /// As in `nearest are 5472, 5473 and 5474, easy to remember are 22222 and 5500`, or that there is
  /// none.
  @Override
  public String toString() {
    return nearest.isEmpty()
        ? "no port of yours is free"
        : "the nearest free ports of yours are "
            + listed(nearest)
            + ", the easiest to remember are "
            + listed(easiest);
  }

  private static String listed(List<Integer> ports) {
    String head =
        ports.subList(0, ports.size() - 1).stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return head.isEmpty() ? ports.getLast().toString() : head + " and " + ports.getLast();
  }

  /// Why a person can remember a number; the sooner here the better.
  enum Ease {
    /// 5555
    ONE_DIGIT,
    /// 12345, 4321
    STAIRS,
    /// 6000, 20000
    THOUSANDS,
    /// 5656, 56565
    ALTERNATING,
    /// 5500, 12300
    HUNDREDS,
    /// 5665, 12321
    MIRRORED,
    /// 5566, 15566
    PAIRS,
    /// 5550, 61112
    TRIPLE,
    /// 5470
    TENS,
    NONE;

    static Ease of(int port) {
      String digits = Integer.toString(port);
      if (isPeriodic(digits, 1)) {
        return ONE_DIGIT;
      } else if (isStairs(digits, 1) || isStairs(digits, -1)) {
        return STAIRS;
      } else if (port % 1000 == 0) {
        return THOUSANDS;
      } else if (isPeriodic(digits, 2)) {
        return ALTERNATING;
      } else if (port % 100 == 0) {
        return HUNDREDS;
      } else if (new StringBuilder(digits).reverse().toString().equals(digits)) {
        return MIRRORED;
      } else if (digits.matches("\\d?(\\d)\\1(\\d)\\2")) {
        return PAIRS;
      } else if (digits.matches(".*(\\d)\\1\\1.*")) {
        return TRIPLE;
      }
      return port % 10 == 0 ? TENS : NONE;
    }

    private static boolean isPeriodic(String digits, int period) {
      return IntStream.range(period, digits.length())
          .allMatch(i -> digits.charAt(i) == digits.charAt(i - period));
    }

    private static boolean isStairs(String digits, int step) {
      return IntStream.range(1, digits.length())
          .allMatch(i -> digits.charAt(i) - digits.charAt(i - 1) == step);
    }
  }
}
