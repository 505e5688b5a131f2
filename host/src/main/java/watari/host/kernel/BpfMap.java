package watari.host.kernel;

/// What a map of eBPF is like (`BPF_MAP_CREATE`).
///
/// @param name at most 15 letters, digits and underlines
/// @param keyBytes 4 for an array
/// @param flags such as [#MMAPABLE]
public record BpfMap(
    String name, Kind kind, int keyBytes, int valueBytes, int entriesMax, int flags) {
  /// Java may read and write the values of an array in place.
  public static final int MMAPABLE = 1 << 10;

  /// `enum bpf_map_type`.
  public enum Kind {
    HASH(1),
    ARRAY(2),
    /// Sockets of `AF_XDP`, by the queue they are bound to.
    XDP_SOCKETS(17);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /// An array whose values Java may read and write in place.
  public static BpfMap sharedArray(String name, int valueBytes, int entriesMax) {
    return new BpfMap(name, Kind.ARRAY, Integer.BYTES, valueBytes, entriesMax, MMAPABLE);
  }

  /// Where a program finds the socket that a queue's frames go to.
  public static BpfMap xdpSockets(String name, int queuesMax) {
    return new BpfMap(name, Kind.XDP_SOCKETS, Integer.BYTES, Integer.BYTES, queuesMax, 0);
  }
}
