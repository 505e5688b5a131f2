package watari.lab.house;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The requirement rows of `docs/conformance-rows.csv` that a text may cite.
record Rows(Set<String> ids) {
  private static final Pattern CITATION =
      Pattern.compile(
          "\\b(MAPE|TUN|ECN|DSC|FRG|ID4|APP|SHR|LOG|PRT|DSL|UDP|CGN|TCP|ICMP|MIB|PCP|PSET|IGD|S46"
              + "|PRI|DHC|HB|CER|VPN)-\\d\\d\\b");

  Rows {
    ids = Set.copyOf(ids);
  }

  /// The first column of the list, without its heading.
  static Rows read(Path csv) {
    return new Rows(lines(csv).map(line -> line.split(",", 2)[0]).collect(Collectors.toSet()));
  }

  /// The lines of the list, without its heading.
  static Stream<String> lines(Path csv) {
    return House.text(csv).lines().skip(1);
  }

  /// The rows that a text cites.
  static List<String> cited(String text) {
    return CITATION.matcher(text).results().map(MatchResult::group).distinct().toList();
  }

  /// A sentence for each row that a text cites although there is none.
  List<String> violations(String place, String text) {
    return cited(text).stream()
        .filter(id -> !ids.contains(id))
        .map(id -> place + " cites " + id + ", which docs/conformance-rows.csv does not have")
        .toList();
  }
}
