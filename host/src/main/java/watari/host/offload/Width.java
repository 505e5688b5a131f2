package watari.host.offload;

/// How many bytes an instruction reads or writes (RFC 9669 §5.1).
public enum Width {
  BYTE(0x10, 1),
  HALF(0x08, 2),
  WORD(0x00, 4),
  LONG(0x18, 8);

  private final int code;
  private final int bytes;

  Width(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  public int bytes() {
    return bytes;
  }

  /// As the kernel's own listings name it.
  @Override
  public String toString() {
    return "u" + bytes * Byte.SIZE;
  }
}
