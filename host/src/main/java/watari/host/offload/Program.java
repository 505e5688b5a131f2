package watari.host.offload;

import java.util.List;

/// Instructions that the kernel can load.
///
/// @param name at most 15 letters, digits and underlines
/// @param code an instruction a number, in the byte order of the machine
/// @param listing the same for a person: number, instruction, label, note
public record Program(String name, List<Long> code, String listing) {
  private static final int NAME_LENGTH_MAX = 15;

  public Program {
    if (!name.matches("\\w{1," + NAME_LENGTH_MAX + "}")) {
      throw new IllegalArgumentException("'" + name + "' cannot be a program's name");
    }
    code = List.copyOf(code);
  }
}
