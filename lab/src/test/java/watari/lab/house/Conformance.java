package watari.lab.house;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is asked, which tests show it, and why a test does not.
///
/// @param rows what is asked
/// @param reasons why something is not shown, by row or family
/// @param citations what is shown, by row
/// @param claims how many rows each test cites
record Conformance(
    List<Rows.Row> rows,
    Map<String, Reason> reasons,
    Map<String, List<Citation>> citations,
    Map<String, Long> claims) {

  static Conformance of(Rows rows, List<Reason> reasons, List<Citation> citations) {
    return new Conformance(
        rows.all(),
        reasons.stream().collect(toMap(Reason::of, reason -> reason)),
        citations.stream().collect(groupingBy(Citation::row)),
        citations.stream().collect(groupingBy(Citation::test, counting())));
  }

  /// A sentence for each row that nobody answers for, or that has an answer too many.
  List<String> problems() {
    var problems = new ArrayList<String>();
    for (var row : rows) {
      if (!isShown(row) && reason(row) == null) {
        problems.add(
            row.id() + " needs a test that cites it, or a line in docs/conformance-reasons.csv");
      }
      if (isShown(row) && reasons.containsKey(row.id())) {
        problems.add(row.id() + " is shown by a test: docs/conformance-reasons.csv is out of date");
      }
    }
    Stream.concat(reasons.keySet().stream(), citations.keySet().stream())
        .filter(id -> !isKnown(id))
        .sorted()
        .forEach(id -> problems.add(id + " is no row of docs/conformance-rows.csv"));
    return problems;
  }

  private boolean isKnown(String id) {
    return rows.stream().anyMatch(row -> id.equals(row.id()) || id.equals(laterFamily(row)));
  }

  boolean isShown(Rows.Row row) {
    return !tests(row).isEmpty();
  }

  List<Citation> tests(Rows.Row row) {
    return citations.getOrDefault(row.id(), List.of());
  }

  /// How many rows the test of a citation claims; one that claims few says more about each.
  long claims(Citation citation) {
    return claims.getOrDefault(citation.test(), 0L);
  }

  /// Why a row is not shown: its own reason, or that of a family that is not answered for by row.
  @Nullable Reason reason(Rows.Row row) {
    var own = reasons.get(row.id());
    return own == null ? reasons.get(laterFamily(row)) : own;
  }

  /// The family of a row if it may have one reason for all, else nothing.
  private static String laterFamily(Rows.Row row) {
    return row.family().isAnsweredFor() ? "" : row.family().name();
  }
}
