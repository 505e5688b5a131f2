package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Puts a program of eBPF together, an instruction a call, in their order (RFC 9669).
///
/// ```java
/// var asm = new Assembler("count_ipv4");
/// Label pass = asm.label("pass");
/// asm.load(WORD, R2, R1, 0);
/// asm.jumpIf(R2, BELOW, 20, pass);
/// ```
///
/// Numbers in a packet are big-endian: [#bigEndian] turns one in either direction. Every misuse is
/// a programmer's mistake and throws; what the kernel thinks of the program it says on loading.
public final class Assembler {
  private static final int LOAD_WIDE = 0x18;
  private static final int LOAD = 0x61;
  private static final int STORE_NUMBER = 0x62;
  private static final int STORE = 0x63;
  private static final int ATOMIC = 0xc3;
  private static final int COMPUTE_32 = 0x04;
  private static final int COMPUTE = 0x07;
  private static final int JUMP = 0x05;
  private static final int JUMP_32 = 0x06;
  private static final int OF_REGISTER = 0x08;
  private static final int TO_BIG_ENDIAN = 0xdc;
  private static final int CALL = 0x85;
  private static final int EXIT = 0x95;

  /// Of a wide load: the number is the descriptor of a map.
  private static final int MAP = 1;

  /// Of a wide load: descriptor and offset of a value of an array.
  private static final int MAP_VALUE = 2;

  private final String name;
  private final List<Instruction> instructions = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private String note = "";

  /// @param name as the kernel will show it
  public Assembler(String name) {
    this.name = name;
  }

  /// A place to be named later.
  public Label label(String name) {
    var label = new Label(name);
    labels.add(label);
    return label;
  }

  /// The next instruction is at the label.
  public void here(Label label) {
    label.place(instructions.size());
  }

  /// Says in the listing what the next instruction is for.
  public void note(String text) {
    note = text;
  }

  public void move(Register to, Register from) {
    compute(to, Operation.MOVE, from);
  }

  /// Moves a number into a register.
  ///
  /// @param value its sign fills the upper half
  public void move(Register to, int value) {
    compute(to, Operation.MOVE, value);
  }

  public void moveLong(Register to, long value) {
    wide(
        to, 0, (int) value, (int) (value >>> Integer.SIZE), to + " = 0x" + Long.toHexString(value));
  }

  /// The map with that descriptor.
  public void moveMap(Register to, int descriptor) {
    wide(to, MAP, descriptor, 0, to + " = map " + descriptor);
  }

  /// The address of a byte in the value of an array of one element.
  public void moveMapValue(Register to, int descriptor, int offset) {
    wide(to, MAP_VALUE, descriptor, offset, to + " = map " + descriptor + " value +" + offset);
  }

  private void wide(Register to, int kind, int low, int high, String text) {
    add(LOAD_WIDE, to.number(), kind, 0, low, null, text);
    add(0, 0, 0, 0, high, null, "");
  }

  public void compute(Register to, Operation operation, Register by) {
    String text = "%s %s %s".formatted(to, operation, by);
    add(COMPUTE | operation.code() | OF_REGISTER, to, by, text);
  }

  public void compute(Register to, Operation operation, int by) {
    String text = "%s %s %s".formatted(to, operation, number(by));
    add(COMPUTE | operation.code(), to.number(), 0, 0, by, null, text);
  }

  /// In the lower half; the upper one becomes 0.
  public void compute32(Register to, Operation operation, Register by) {
    String text = "%s %s %s".formatted(half(to), operation, half(by));
    add(COMPUTE_32 | operation.code() | OF_REGISTER, to, by, text);
  }

  /// In the lower half; the upper one becomes 0.
  public void compute32(Register to, Operation operation, int by) {
    String text = "%s %s %s".formatted(half(to), operation, number(by));
    add(COMPUTE_32 | operation.code(), to.number(), 0, 0, by, null, text);
  }

  /// Turns the bytes of a number round; those above become 0.
  public void bigEndian(Register of, Width width) {
    int bits = width.bytes() * Byte.SIZE;
    add(TO_BIG_ENDIAN, of.number(), 0, 0, bits, null, "%s = be%d %s".formatted(of, bits, of));
  }

  /// Reads a number in the machine's byte order.
  public void load(Width width, Register to, Register base, int offset) {
    String text = "%s = %s".formatted(to, memory(width, base, offset));
    add(LOAD | width.code(), to.number(), base.number(), offset, 0, null, text);
  }

  /// Writes a number in the machine's byte order.
  public void store(Width width, Register base, int offset, Register from) {
    String text = "%s = %s".formatted(memory(width, base, offset), from);
    add(STORE | width.code(), base.number(), from.number(), offset, 0, null, text);
  }

  /// Writes a number in the machine's byte order.
  public void store(Width width, Register base, int offset, int value) {
    String text = "%s = %s".formatted(memory(width, base, offset), number(value));
    add(STORE_NUMBER | width.code(), base.number(), 0, offset, value, null, text);
  }

  /// Adds in memory, in one step.
  ///
  /// @param width [Width#WORD] or [Width#LONG]
  public void addInMemory(Width width, Register base, int offset, Register by) {
    if (width.bytes() < Integer.BYTES) {
      throw new IllegalArgumentException("no addition in memory has " + width.bytes() + " bytes");
    }
    String text = "lock %s += %s".formatted(memory(width, base, offset), by);
    add(ATOMIC | width.code(), base.number(), by.number(), offset, 0, null, text);
  }

  public void jump(Label to) {
    add(JUMP, 0, 0, 0, 0, to, "goto");
  }

  public void jumpIf(Register one, Condition condition, Register other, Label to) {
    String text = "if %s %s %s goto".formatted(one, condition, other);
    int opcode = JUMP | condition.code() | OF_REGISTER;
    add(opcode, one.number(), other.number(), 0, 0, to, text);
  }

  /// Compares with a number.
  ///
  /// @param other its sign fills the upper half
  public void jumpIf(Register one, Condition condition, int other, Label to) {
    String text = "if %s %s %s goto".formatted(one, condition, number(other));
    add(JUMP | condition.code(), one.number(), 0, 0, other, to, text);
  }

  /// Compares the lower halves.
  public void jumpIf32(Register one, Condition condition, int other, Label to) {
    String text = "if %s %s %s goto".formatted(half(one), condition, number(other));
    add(JUMP_32 | condition.code(), one.number(), 0, 0, other, to, text);
  }

  /// R1 to R5 hold nothing after it.
  public void call(KernelFunction function) {
    String text = "call " + function.name().toLowerCase(Locale.ROOT);
    add(CALL, 0, 0, 0, function.number(), null, text);
  }

  /// Ends the program with the value of R0.
  public void exit() {
    add(EXIT, 0, 0, 0, 0, null, "exit");
  }

  private void add(int opcode, Register target, Register source, String text) {
    add(opcode, target.number(), source.number(), 0, 0, null, text);
  }

  private void add(
      int opcode,
      int target,
      int source,
      int offset,
      int immediate,
      @Nullable Label label,
      String text) {
    if (offset != (short) offset) {
      throw new IllegalArgumentException("the offset " + offset + " has more than 16 bits");
    }
    instructions.add(new Instruction(opcode, target, source, offset, immediate, label, text, note));
    note = "";
  }

  /// The program, every jump resolved.
  ///
  /// @throws IllegalStateException when a label is nowhere or too far away
  public Program program() {
    var code = new ArrayList<Long>();
    var listing = new StringBuilder();
    for (int at = 0; at < instructions.size(); at++) {
      Instruction instruction = instructions.get(at);
      code.add(instruction.encoded(at));
      list(at, instruction, listing);
    }
    return new Program(name, code, listing.toString());
  }

  private void list(int at, Instruction instruction, StringBuilder listing) {
    for (Label label : labels) {
      if (label.isPlaced() && label.at() == at) {
        listing.append(label).append(":\n");
      }
    }
    if (!instruction.text().isEmpty()) {
      String text =
          instruction.label() == null
              ? instruction.text()
              : instruction.text() + " " + instruction.label();
      String comment = instruction.note().isEmpty() ? "" : "  ; " + instruction.note();
      listing.append("%4d  %-36s%s".formatted(at, text, comment).stripTrailing()).append('\n');
    }
  }

  private static String memory(Width width, Register base, int offset) {
    return "*(%s *)(%s %s%d)".formatted(width, base, offset < 0 ? "" : "+", offset);
  }

  private static String half(Register register) {
    return "w" + register.number();
  }

  private static String number(int value) {
    return value > -10 && value < 10 ? Integer.toString(value) : "0x" + Integer.toHexString(value);
  }
}
