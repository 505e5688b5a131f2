package watari.core.portmap;

/// Something to be said unasked, from port 5351 to port 5350.
public final class Notice {

  /// 224.0.0.1, all hosts of the link.
  public static final int ALL_HOSTS = 0xe000_0001;

  private final byte[] bytes;
  private final int target;

  Notice(byte[] bytes, int target) {
    this.bytes = bytes;
    this.target = target;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// An IPv4 address; [#ALL_HOSTS] for all hosts at home.
  public int target() {
    return target;
  }
}
