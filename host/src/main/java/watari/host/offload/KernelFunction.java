package watari.host.offload;

/// A function of the kernel that a program may call, by its number in `linux/bpf.h`.
public enum KernelFunction {
  /// `void *map_lookup_elem(map, key)`: 0 where there is none.
  MAP_LOOKUP(1),
  /// `u32 get_smp_processor_id()`: on which the program runs.
  PROCESSOR(8),
  /// `long redirect(interface, flags)`.
  REDIRECT(23),
  /// `long xdp_adjust_head(xdp, change)`: pointers into the packet are void after it.
  XDP_ADJUST_HEAD(44),
  /// `long xdp_adjust_tail(xdp, change)`: pointers into the packet are void after it.
  XDP_ADJUST_TAIL(65);

  private final int number;

  KernelFunction(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
