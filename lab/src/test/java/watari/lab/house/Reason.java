package watari.lab.house;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Why no test shows a row.
///
/// @param of the row; or a family, for each of its rows that no test shows
/// @param state what becomes of it
/// @param sentence why, in one sentence
record Reason(String of, State state, String sentence) {
  enum State {
    /// Nothing here does it yet.
    LATER,
    /// It is the duty of somebody else: the kernel, another program, another device.
    ELSEWHERE,
    /// It is allowed, or has two answers, and this is not the one taken.
    DECLINED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static List<Reason> read(Path csv) {
    return Rows.cells(csv).stream().map(Reason::reason).toList();
  }

  private static Reason reason(List<String> cells) {
    return new Reason(
        cells.get(0), State.valueOf(cells.get(1).toUpperCase(Locale.ROOT)), cells.get(2));
  }
}
