package watari.lab.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What [SessionLoad] has measured once, in processor time.
///
/// @param sessions places in the table
/// @param fillSeconds to open as many
/// @param turnover new sessions a second, while as many end
/// @param stepMillis the longest step of ending sessions
/// @param fullMillis what one packet takes that finds the table full and has to make room
/// @param bytesEach on the heap and outside of it, with the tables of ports
record SessionFigures(
    int sessions,
    double fillSeconds,
    double turnover,
    double stepMillis,
    double fullMillis,
    double bytesEach) {
  private static final double FILL_SECONDS_MAX = 2;
  private static final double TURNOVER_MIN = 200_000;
  private static final double MILLIS_MAX = 10;
  private static final double BYTES_MAX = 200;

  /// The run in the middle of several: the one whose turnover is.
  static SessionFigures middle(List<SessionFigures> runs) {
    var sorted =
        runs.stream().sorted(Comparator.comparingDouble(SessionFigures::turnover)).toList();
    return sorted.get(sorted.size() / 2);
  }

  /// The rows of the table.
  List<String> lines() {
    return List.of(
        line("seconds to open %,d".formatted(sessions), fillSeconds, FILL_SECONDS_MAX, true),
        line("new sessions a second, as many end", turnover, TURNOVER_MIN, false),
        line("ms, longest step of ending some", stepMillis, MILLIS_MAX, true),
        line("ms, a packet that finds it full", fullMillis, MILLIS_MAX, true),
        line("bytes a session", bytesEach, BYTES_MAX, true));
  }

  private static String line(String name, double figure, double target, boolean isMost) {
    boolean isMet = isMost ? figure <= target : figure >= target;
    return String.format(
        Locale.ROOT,
        "%-38s %12s   %s %,.0f %s",
        name,
        String.format(Locale.ROOT, figure < 100 ? "%.2f" : "%,.0f", figure),
        isMost ? "<=" : ">=",
        target,
        isMet ? "met" : "missed");
  }

  /// For JSON.
  Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>();
    values.put("sessions", sessions);
    values.put("fillSeconds", fillSeconds);
    values.put("turnover", turnover);
    values.put("stepMillis", stepMillis);
    values.put("fullMillis", fullMillis);
    values.put("bytesEach", bytesEach);
    return values;
  }
}
