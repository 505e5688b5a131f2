package watari.core.rule;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// A line of a table of vectors, by the names of its columns.
record Vector(Map<String, String> fields) {

  /// The lines of a resource whose first line without a `#` names the columns.
  static Stream<Vector> of(String resource) {
    List<String> lines = lines(resource);
    List<String> names = cells(lines.getFirst());
    return lines.stream().skip(1).map(line -> of(names, cells(line)));
  }

  private static Vector of(List<String> names, List<String> cells) {
    var fields = new HashMap<String, String>();
    for (int i = 0; i < names.size(); i++) {
      fields.put(names.get(i), cells.get(i));
    }
    return new Vector(fields);
  }

  private static List<String> lines(String resource) {
    try (InputStream in = Objects.requireNonNull(Vector.class.getResourceAsStream(resource));
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> cells(String line) {
    return List.of(line.split(",", -1));
  }

  /// The text of a column that must be there; it may be empty.
  String text(String column) {
    return Objects.requireNonNull(fields.get(column), column);
  }

  int number(String column) {
    return Integer.parseInt(text(column));
  }

  @Override
  public String toString() {
    return text("id");
  }
}
