package watari.host.offload;

import static watari.host.offload.Condition.BELOW;
import static watari.host.offload.Condition.EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.AND;
import static watari.host.offload.Operation.SHIFT_LEFT;
import static watari.host.offload.Operation.SHIFT_RIGHT;
import static watari.host.offload.Operation.XOR;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R10;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R9;
import static watari.host.offload.Width.WORD;

/// The part of a program that finds the longest match for an IPv4 address, as
/// [watari.core.rule.Ipv4Trie] does. It uses the stack from [#CELL] on.
final class Trie {
  static final int KEY = -4;
  static final int CELL = -8;

  private final Assembler asm;
  private final Label pass;
  private int numbered;

  /// @param pass where it goes on when the map is not as it should be
  Trie(Assembler asm, Label pass) {
    this.asm = asm;
    this.pass = pass;
  }

  /// Leaves what the longest match for the address in R9 holds in R0, 0 where there is none.
  ///
  /// @param map descriptor of the map of cells, [RuleMaps#CELLS_EACH] in a value
  void find(int map) {
    var found = asm.label("found_" + ++numbered);
    asm.note("the longest match, 16 bits first");
    asm.move(R1, R9);
    asm.compute(R1, SHIFT_RIGHT, 16);
    cell(map);
    next(map, 8, 0xff, found);
    next(map, 4, 0xf, found);
    next(map, 0, 0xf, found);
    asm.here(found);
  }

  private void next(int map, int shift, int mask, Label found) {
    asm.jumpIf32(R0, BELOW, Integer.MIN_VALUE, found);
    asm.compute32(R0, XOR, -1);
    asm.move(R1, R9);
    asm.compute(R1, SHIFT_RIGHT, shift);
    asm.compute(R1, AND, mask);
    asm.compute(R1, ADD, R0);
    cell(map);
  }

  /// From the cell's number in R1 to what it holds in R0.
  private void cell(int map) {
    asm.store(WORD, R10, CELL, R1);
    asm.compute(R1, SHIFT_RIGHT, 4);
    asm.store(WORD, R10, KEY, R1);
    asm.moveMap(R1, map);
    asm.move(R2, R10);
    asm.compute(R2, ADD, KEY);
    asm.call(KernelFunction.MAP_LOOKUP);
    asm.jumpIf(R0, EQUAL, 0, pass);
    asm.load(WORD, R1, R10, CELL);
    asm.compute(R1, AND, RuleMaps.CELLS_EACH - 1);
    asm.compute(R1, SHIFT_LEFT, 2);
    asm.compute(R0, ADD, R1);
    asm.load(WORD, R0, R0, 0);
  }
}
