package watari.lab.house;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Predicate;
import watari.lab.house.Reason.State;

/// `docs/conformance.md`: what the RFCs ask, and what shows it.
final class ConformancePage {
  private static final String HEAD =
      """
      # What the RFCs ask, and what shows it

      Each row is one thing that an RFC, or this project, asks of a gateway, a relay or a provisioning
      server: its place, how strongly it is meant (**M** must, **S** should, **O** may, **P** a rule of this
      project), and in a few words what it is. Beside it stand the tests that cite the row: up to three,
      first those that cite few rows besides. What no test shows has a reason:

      - **later**: nothing here does it yet.
      - **elsewhere**: it is the duty of somebody else, such as the kernel or another device.
      - **declined**: it is allowed, or has two answers, and this is not the one taken.

      The page is written from `docs/conformance-rows.csv`, the citations in the tests and
      `docs/conformance-reasons.csv`; a test holds them together. CONTRIBUTING.md says how to cite a row.

      """;

  /// Of more tests than these, a row says only how many there are.
  private static final int TESTS_MAX = 3;

  private final Conformance conformance;
  private final StringBuilder text = new StringBuilder(HEAD);

  private ConformancePage(Conformance conformance) {
    this.conformance = conformance;
  }

  static String of(Conformance conformance) {
    var page = new ConformancePage(conformance);
    page.addSummary();
    page.families().forEach(page::addFamily);
    page.addLinks();
    return page.text.toString();
  }

  private List<Family> families() {
    return Arrays.stream(Family.values()).filter(family -> !rows(family).isEmpty()).toList();
  }

  private List<Rows.Row> rows(Family family) {
    return conformance.rows().stream().filter(row -> row.family() == family).toList();
  }

  private void addSummary() {
    text.append(
        "| | rows | shown | later | elsewhere | declined |\n|---|---:|---:|---:|---:|---:|\n");
    families().forEach(family -> addCounts(heading(family), rows(family)));
    addCounts("**All**", conformance.rows());
  }

  private static String heading(Family family) {
    return "[%s](#%s) %s"
        .formatted(family, family.name().toLowerCase(Locale.ROOT), family.subject());
  }

  private void addCounts(String name, List<Rows.Row> rows) {
    text.append("| ").append(name).append(" | ").append(rows.size());
    text.append(" | ").append(count(rows, conformance::isShown));
    for (var state : State.values()) {
      text.append(" | ").append(count(rows, row -> hasState(row, state)));
    }
    text.append(" |\n");
  }

  private boolean hasState(Rows.Row row, State state) {
    var reason = conformance.reason(row);
    return !conformance.isShown(row) && reason != null && reason.state() == state;
  }

  private static long count(List<Rows.Row> rows, Predicate<Rows.Row> which) {
    return rows.stream().filter(which).count();
  }

  private void addFamily(Family family) {
    text.append("\n## ").append(family).append('\n');
    text.append("\n").append(family.subject()).append(".\n");
    var lines = rows(family).stream().filter(this::hasLine).toList();
    if (!lines.isEmpty()) {
      text.append("\n| row | from | asks | shown by, or why not |\n|---|---|---|---|\n");
      lines.forEach(this::addRow);
    }
    var reason = conformance.reasons().get(family.name());
    if (reason != null) {
      text.append(lines.isEmpty() ? "\nAll rows, " : "\nThe other rows, ");
      text.append("**%s**: %s\n".formatted(reason.state().text(), reason.sentence()));
    }
  }

  /// Whether a row has a line of its own, and not only the reason of its family.
  private boolean hasLine(Rows.Row row) {
    return conformance.isShown(row) || conformance.reasons().containsKey(row.id());
  }

  private void addRow(Rows.Row row) {
    text.append(
        "| %s | %s, %s | %s | %s |\n"
            .formatted(row.id(), row.source(), row.level(), row.asks(), answer(row)));
  }

  private String answer(Rows.Row row) {
    var reason = conformance.reasons().get(row.id());
    return reason == null
        ? tests(conformance.tests(row))
        : "**%s**: %s".formatted(reason.state().text(), reason.sentence());
  }

  private String tests(List<Citation> citations) {
    String some =
        citations.stream()
            .sorted(
                comparingLong((Citation one) -> conformance.claims(one))
                    .thenComparing(Citation::test))
            .limit(TESTS_MAX)
            .map(Citation::test)
            .collect(joining("; "));
    int more = citations.size() - TESTS_MAX;
    return more > 0 ? some + "; and " + more + " more" : some;
  }

  /// Where each place that a row names is.
  private void addLinks() {
    var links = new TreeMap<String, String>();
    conformance.citations().values().stream()
        .flatMap(List::stream)
        .forEach(citation -> links.put(citation.place(), citation.file()));
    text.append('\n');
    links.forEach((place, file) -> text.append("[%s]: ../%s\n".formatted(place, file)));
  }
}
