package watari.host.offload;

/// The context of a program at the driver and its answers (`linux/bpf.h`).
final class Xdp {
  /// Where in the context the address of the frame's first byte is.
  static final int DATA = 0;

  /// Where the address behind the last one is.
  static final int DATA_END = 4;

  static final int DROP = 1;
  static final int PASS = 2;

  private Xdp() {}
}
