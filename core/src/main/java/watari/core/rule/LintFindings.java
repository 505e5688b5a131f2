package watari.core.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What was found so far.
final class LintFindings {
  private record Placed(int order, Finding finding) {}

  private final List<Placed> found = new ArrayList<>();

  /// @param order of the rule or domain, as in [LintRow#order]
  void add(int order, Finding finding) {
    found.add(new Placed(order, finding));
  }

  List<Finding> inOrder() {
    return found.stream()
        .sorted(
            Comparator.comparingInt(Placed::order).thenComparing(placed -> placed.finding().kind()))
        .map(Placed::finding)
        .toList();
  }
}
