package watari.host.kernel;

import java.util.Arrays;
import java.util.List;
import watari.host.kernel.Bpf.Hook;

/// Where at an interface a program runs, the best one of a hook first.
public enum Place {
  /// In the driver, before the kernel makes a packet of a frame.
  XDP_NATIVE(Hook.XDP, 1 << 2, "xdp native"),
  /// Where the driver knows nothing of XDP: behind it, at the cost of the packet.
  XDP_GENERIC(Hook.XDP, 1 << 1, "xdp generic"),
  /// At traffic control.
  TC(Hook.TC, 0, "tc");

  private final Hook hook;
  private final int flags;
  private final String words;

  Place(Hook hook, int flags, String words) {
    this.hook = hook;
    this.flags = flags;
    this.words = words;
  }

  /// Those of a hook.
  public static List<Place> of(Hook hook) {
    return Arrays.stream(values()).filter(place -> place.hook == hook).toList();
  }

  Hook hook() {
    return hook;
  }

  /// As the kernel takes it (`XDP_FLAGS_DRV_MODE`, `XDP_FLAGS_SKB_MODE`).
  int flags() {
    return flags;
  }

  @Override
  public String toString() {
    return words;
  }
}
