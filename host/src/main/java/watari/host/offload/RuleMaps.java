package watari.host.offload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import watari.core.rule.RuleTable;
import watari.host.kernel.KernelException;
import watari.host.kernel.SharedArray;
import watari.host.kernel.SharedArrays;

/// The rules where programs of the kernel find them.
///
/// ```
/// cells   16 cells of the table over IPv4 a value
/// rows    a rule a value, eight numbers of eight bytes
/// ```
public record RuleMaps(SharedArray cells, SharedArray rows) {
  /// Cells in a value, so that one has the length of a line of the processor's memory.
  static final int CELLS_EACH = 16;

  private static final int VALUE_BYTES = 64;

  /// Copies a table into the kernel.
  public static RuleMaps of(SharedArrays arrays, RuleTable table) throws KernelException {
    int[] cells = table.cells();
    long[] rows = table.rows();
    int blocks = (cells.length + CELLS_EACH - 1) / CELLS_EACH;
    var cellMap = arrays.add("watari_cells", VALUE_BYTES, blocks);
    var rowMap = arrays.add("watari_rows", VALUE_BYTES, Math.max(1, table.size()));
    MemorySegment.copy(cells, 0, cellMap.values(), ValueLayout.JAVA_INT, 0, cells.length);
    MemorySegment.copy(rows, 0, rowMap.values(), ValueLayout.JAVA_LONG, 0, rows.length);
    return new RuleMaps(cellMap, rowMap);
  }
}
