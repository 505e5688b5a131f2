package watari.host.offload;

/// A register of eBPF (RFC 9669 §2 and the kernel's calling convention).
public enum Register {
  /// What a call or the program itself gives back.
  R0,
  /// The first argument of a call; lost over one, as R2 to R5 are. At the beginning the context.
  R1,
  R2,
  R3,
  R4,
  R5,
  /// The first of four that a call leaves alone.
  R6,
  R7,
  R8,
  R9,
  /// The end of the stack, which grows downwards; it cannot be written.
  R10;

  /// Its number in an instruction.
  int number() {
    return Integer.parseInt(name().substring(1));
  }

  @Override
  public String toString() {
    return "r" + number();
  }
}
