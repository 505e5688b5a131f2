package watari.host.offload;

/// A function of the kernel that a program may call, by its number in `linux/bpf.h`.
public enum KernelFunction {
  /// `void *map_lookup_elem(map, key)`: 0 where there is none.
  MAP_LOOKUP(1),
  /// `u64 ktime_get_ns()`: nanoseconds since the machine was started.
  CLOCK(5),
  /// `u32 get_smp_processor_id()`: on which the program runs.
  PROCESSOR(8),
  /// `long l4_csum_replace(skb, offset, from, to, flags)`: pointers into the packet are void after
  /// it.
  L4_CSUM_REPLACE(11),
  /// `long redirect(interface, flags)`.
  REDIRECT(23),
  /// `s64 csum_diff(from, from_size, to, to_size, seed)`: the sum of `to` without that of `from`.
  CSUM_DIFF(28),
  /// `long skb_change_tail(skb, length, flags)`: pointers into the packet are void after it.
  SKB_CHANGE_TAIL(38),
  /// `long skb_pull_data(skb, length)`: pointers into the packet are void after it.
  SKB_PULL_DATA(39),
  /// `s64 csum_update(skb, sum)`: adds to what the card has summed up, if it has.
  CSUM_UPDATE(40),
  /// `long xdp_adjust_head(xdp, change)`: pointers into the packet are void after it.
  XDP_ADJUST_HEAD(44),
  /// `long skb_adjust_room(skb, change, mode, flags)`: pointers into the packet are void after it.
  SKB_ADJUST_ROOM(50),
  /// `long redirect_map(map, key, flags)`: with no such key the lower bits of `flags` are the
  /// answer.
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
