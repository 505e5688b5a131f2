package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What a benchmark leaves in the docs for those who were not there.
///
/// @param title of the page and of the chart
/// @param conditions sentences on how it was measured
/// @param table lines of Markdown
/// @param charted rows of one unit
/// @param values the rows as JSON
record Page(
    String title,
    List<String> conditions,
    List<String> table,
    List<Versus> charted,
    List<Map<String, Object>> values) {
  Page {
    conditions = List.copyOf(conditions);
    table = List.copyOf(table);
    charted = List.copyOf(charted);
    values = List.copyOf(values);
  }

  /// A page of rates, one or more, of one unit.
  static Page ofResults(String title, List<String> conditions, List<Result> rows) {
    var table = new ArrayList<>(Result.markdownHead(rows.getFirst().versus().unit()));
    rows.forEach(row -> table.add(row.markdown()));
    return new Page(
        title,
        conditions,
        table,
        rows.stream().map(Result::versus).toList(),
        rows.stream().map(Result::values).toList());
  }

  static void json(Path file, List<Map<String, Object>> rows) throws IOException {
    Files.writeString(
        file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n");
  }

  /// Writes `NAME.md`, `NAME.json` and `NAME.svg`.
  static void write(Path folder, String name, Page page) throws IOException {
    Files.createDirectories(folder);
    json(folder.resolve(name + ".json"), page.values);
    Files.writeString(folder.resolve(name + ".svg"), Chart.svg(page.title, page.charted));
    Files.writeString(folder.resolve(name + ".md"), page.markdown(name));
  }

  private String markdown(String name) {
    return "# %1$s%n%n    sudo ./watari bench %2$s --docs docs/benchmarks%n%n%3$s%n%n%4$s%n%n![%1$s](%2$s.svg)%n"
        .formatted(title, name, String.join("\n", conditions), String.join("\n", table));
  }
}
