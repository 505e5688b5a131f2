package watari.host.offload;

import org.jspecify.annotations.Nullable;

/// One instruction before its jump is resolved.
///
/// ```
/// 63 .......... 32 31 ..... 16 15 . 12 11 . 8 7 .... 0
///  immediate       offset      source  target opcode
/// ```
///
/// @param offset signed, of memory or of a jump, in the latter case unless there is a label
/// @param text as a person reads it; a jump's without its label
/// @param note why, or empty
record Instruction(
    int opcode,
    int target,
    int source,
    int offset,
    int immediate,
    @Nullable Label label,
    String text,
    String note) {

  /// The 64 bits, in the byte order of a little-endian machine.
  ///
  /// @param at which instruction of the program it is
  long encoded(int at) {
    return opcode
        | (long) target << 8
        | (long) source << 12
        | (jump(at) & 0xffffL) << 16
        | (long) immediate << 32;
  }

  private int jump(int at) {
    if (label == null) {
      return offset;
    }
    if (!label.isPlaced()) {
      throw new IllegalStateException("the label " + label + " is nowhere");
    }
    int distance = label.at() - at - 1;
    if (distance != (short) distance) {
      throw new IllegalStateException("the label " + label + " is too far away: " + distance);
    }
    return distance;
  }
}
