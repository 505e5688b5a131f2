package watari.lab.bench;

import java.util.List;
import java.util.Locale;

/// Bars of Watari and of the kernel alone, one pair a row, as SVG that can be read on a light page
/// and on a dark one.
final class Chart {
  private static final int LABELS = 320;
  private static final int BARS = 420;
  private static final int WIDTH = LABELS + BARS + 90;
  private static final int TOP = 56;
  private static final int ROW = 38;
  private static final int BAR = 13;

  private final String title;
  private final List<Versus> rows;
  private final double most;

  private Chart(String title, List<Versus> rows) {
    this.title = title;
    this.rows = List.copyOf(rows);
    most =
        rows.stream()
            .mapToDouble(row -> Math.max(row.ours().most(), row.theirs().most()))
            .max()
            .orElse(1);
  }

  /// @param rows of one unit
  static String svg(String title, List<Versus> rows) {
    return new Chart(title, rows).svg();
  }

  private String svg() {
    var text = new StringBuilder();
    String unit = rows.isEmpty() ? "" : rows.getFirst().unit();
    text.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
        <title>%3$s</title>
        <style>
        text { font: 13px system-ui, sans-serif; fill: #1f2328 }
        .title { font-weight: 600; font-size: 15px }
        .watari { fill: #0969da }
        .kernel { fill: #8c959f }
        .spread { stroke: #1f2328; stroke-width: 1.5 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .watari { fill: #58a6ff }
          .kernel { fill: #6e7681 }
          .spread { stroke: #e6edf3 }
        }
        </style>
        <text class="title" x="8" y="22">%3$s</text>
        <rect class="watari" x="%4$d" y="32" width="12" height="12"/><text x="%5$d" y="43">Watari</text>
        <rect class="kernel" x="%6$d" y="32" width="12" height="12"/><text x="%7$d" y="43">the kernel alone, %8$s</text>
        """
            .formatted(
                WIDTH,
                TOP + rows.size() * ROW + 8,
                escaped(title),
                LABELS,
                LABELS + 18,
                LABELS + 90,
                LABELS + 108,
                escaped(unit)));
    for (int row = 0; row < rows.size(); row++) {
      row(text, TOP + row * ROW, rows.get(row));
    }
    return text.append("</svg>\n").toString();
  }

  private void row(StringBuilder text, int y, Versus row) {
    text.append("<text x=\"8\" y=\"%d\">%s</text>%n".formatted(y + BAR + 5, escaped(row.name())));
    bar(text, "watari", y, row.ours());
    bar(text, "kernel", y + BAR + 1, row.theirs());
    text.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\">× %.2f</text>%n",
            LABELS + BARS + 12,
            y + BAR + 5,
            row.ratio().median()));
  }

  /// The median as a bar, least and most as a line over its end.
  private void bar(StringBuilder text, String kind, int y, Figures figures) {
    text.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                + "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%8$.1f\" y2=\"%8$.1f\"/>%n",
            kind,
            LABELS,
            y,
            width(figures.median()),
            BAR,
            LABELS + width(figures.least()),
            LABELS + width(figures.most()),
            y + BAR / 2.0));
  }

  private double width(double value) {
    return value / most * BARS;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
