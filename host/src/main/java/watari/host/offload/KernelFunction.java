package watari.host.offload;

/// A function of the kernel that a program may call, by its number in `linux/bpf.h`.
public enum KernelFunction {
  /// `void *map_lookup_elem(map, key)`: 0 where there is none.
  MAP_LOOKUP(1),
  /// `long map_update_elem(map, key, value, flags)`.
  MAP_UPDATE(2),
  /// `u64 ktime_get_ns()`: of the monotonic clock.
  MONOTONIC_NANOS(5),
  /// `long skb_store_bytes(skb, offset, from, length, flags)`.
  SKB_STORE(9),
  /// `long redirect(interface, flags)`.
  REDIRECT(23),
  /// `long skb_pull_data(skb, length)`: makes so many bytes readable in place.
  SKB_PULL(39),
  /// `long xdp_adjust_head(xdp, change)`: pointers into the packet are void after it.
  XDP_ADJUST_HEAD(44),
  /// `long skb_adjust_room(skb, change, mode, flags)`: pointers into the packet are void after it.
  SKB_ADJUST_ROOM(50),
  /// `long redirect_map(map, key, flags)`.
  REDIRECT_MAP(51),
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
