package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import watari.core.rule.RuleTable;
import watari.host.kernel.KernelException;
import watari.host.kernel.SharedArray;
import watari.host.kernel.SharedArrays;

/// The rules where programs of the kernel find them. What costs at a million rules is memory that
/// no packet has touched for long: so a row is what only this rule has, and all that is the same in
/// many is a shape.
///
/// ```
/// cells    16 cells of the table over IPv4 a value
/// rows     a rule a value: bits 0 to 63 of its IPv6 prefix, number of its shape 4 bytes, and of its
///          next hop 4, which [HopMaps] writes
/// shapes   a shape a value: the eight numbers of a rule in the table, and instead of the first the
///          line where its domain is counted
/// ```
public record RuleMaps(SharedArray cells, SharedArray rows, SharedArray shapes) {
  /// Cells in a value, so that one has the length of a line of the processor's memory.
  static final int CELLS_EACH = 16;

  static final int SHAPE = 8;
  static final int HOP = 12;
  static final int LINE = 0;
  static final int ROW_BYTES = 16;
  private static final int VALUE_BYTES = 64;
  private static final int LONGS = VALUE_BYTES / Long.BYTES;

  /// What rules may have in common.
  private record Shape(
      long line,
      long prefixLow,
      long numbers,
      long masks,
      long relayHigh,
      long relayLow,
      long maskLow,
      long ports) {
    static Shape of(RuleTable table, int rule, long[] rows) {
      int at = rule * LONGS;
      return new Shape(
          table.domainNumber(rule) + 1,
          rows[at + 1],
          rows[at + 2],
          rows[at + 3],
          rows[at + 4],
          rows[at + 5],
          rows[at + 6],
          rows[at + 7]);
    }

    void write(MemorySegment values, long at) {
      long[] all = {line, prefixLow, numbers, masks, relayHigh, relayLow, maskLow, ports};
      MemorySegment.copy(all, 0, values, JAVA_LONG, at, all.length);
    }
  }

  /// Copies a table into the kernel.
  public static RuleMaps of(SharedArrays arrays, RuleTable table) throws KernelException {
    int[] cells = table.cells();
    int blocks = (cells.length + CELLS_EACH - 1) / CELLS_EACH;
    var cellMap = arrays.add("watari_cells", VALUE_BYTES, blocks);
    MemorySegment.copy(cells, 0, cellMap.values(), JAVA_INT, 0, cells.length);
    var rowMap = arrays.add("watari_rows", ROW_BYTES, Math.max(1, table.size()));
    var shapes = new LinkedHashMap<Shape, Integer>();
    long[] rows = table.rows();
    for (int rule = 0; rule < table.size(); rule++) {
      long row = (long) rule * ROW_BYTES;
      int shape = shapes.computeIfAbsent(Shape.of(table, rule, rows), _ -> shapes.size());
      rowMap.values().set(JAVA_LONG, row, rows[rule * LONGS]);
      rowMap.values().set(JAVA_INT, row + SHAPE, shape);
    }
    var shapeMap = arrays.add("watari_shapes", VALUE_BYTES, Math.max(1, shapes.size()));
    shapes.forEach((shape, number) -> shape.write(shapeMap.values(), (long) number * VALUE_BYTES));
    return new RuleMaps(cellMap, rowMap, shapeMap);
  }
}
