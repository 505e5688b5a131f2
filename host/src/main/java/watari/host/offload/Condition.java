package watari.host.offload;

/// When a jump is taken (RFC 9669 §4.3). The orders are of numbers without a sign.
public enum Condition {
  EQUAL(0x10, "=="),
  NOT_EQUAL(0x50, "!="),
  ABOVE(0x20, ">"),
  ABOVE_OR_EQUAL(0x30, ">="),
  BELOW(0xa0, "<"),
  BELOW_OR_EQUAL(0xb0, "<="),
  /// At least one bit is set in both.
  ANY_BIT(0x40, "&");

  private final int code;
  private final String sign;

  Condition(int code, String sign) {
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
