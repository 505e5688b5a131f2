package watari.host.offload;

/// What is done with two numbers (RFC 9669 §4.1). Numbers have no sign.
public enum Operation {
  ADD(0x00, "+="),
  SUBTRACT(0x10, "-="),
  MULTIPLY(0x20, "*="),
  DIVIDE(0x30, "/="),
  OR(0x40, "|="),
  AND(0x50, "&="),
  SHIFT_LEFT(0x60, "<<="),
  SHIFT_RIGHT(0x70, ">>="),
  XOR(0xa0, "^="),
  MOVE(0xb0, "=");

  private final int code;
  private final String sign;

  Operation(int code, String sign) {
    this.code = code;
    this.sign = sign;
  }

  int code() {
    return code;
  }

  @Override
  public String toString() {
    return sign;
  }
}
