package watari.lab.house;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The requirement rows of `docs/conformance-rows.csv` that a test may cite.
record Rows(List<Row> all) {
  private static final Pattern CITATION =
      Pattern.compile(
          "\\b(MAPE|TUN|ECN|DSC|FRG|ID4|APP|SHR|LOG|PRT|DSL|UDP|CGN|TCP|ICMP|MIB|PCP|PSET|IGD|S46"
              + "|PRI|DHC|HB|CER|VPN)-\\d\\d\\b");

  private static final Pattern CELL = Pattern.compile("\"([^\"]*)\"|[^,]+");

  /// What one sentence of an RFC asks: its place there, how strongly, of whom, and in short what.
  record Row(String id, String source, String level, String who, String asks) {
    Family family() {
      return Family.valueOf(id.substring(0, id.indexOf('-')));
    }
  }

  Rows {
    all = List.copyOf(all);
  }

  static Rows read(Path csv) {
    return new Rows(cells(csv).stream().map(Rows::row).toList());
  }

  private static Row row(List<String> cells) {
    return new Row(cells.get(0), cells.get(1), cells.get(2), cells.get(3), cells.get(4));
  }

  /// The lines of a list without its heading, each taken apart.
  static List<List<String>> cells(Path csv) {
    return House.text(csv).lines().skip(1).map(Rows::cells).toList();
  }

  private static List<String> cells(String line) {
    return CELL.matcher(line).results().map(Rows::cell).toList();
  }

  private static String cell(MatchResult cell) {
    return cell.group(1) != null ? cell.group(1) : cell.group();
  }

  /// The rows that a text cites.
  static List<String> cited(String text) {
    return CITATION.matcher(text).results().map(MatchResult::group).distinct().toList();
  }

  Set<String> ids() {
    return all.stream().map(Row::id).collect(Collectors.toUnmodifiableSet());
  }

  /// A sentence for each row that a text cites although there is none.
  List<String> violations(String place, String text) {
    return cited(text).stream()
        .filter(id -> !ids().contains(id))
        .map(id -> place + " cites " + id + ", which docs/conformance-rows.csv does not have")
        .toList();
  }
}
