package watari.host.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The values of an array of eBPF as memory of this process: what is written there, programs read
/// from the next instruction on, and the other way round (`BPF_F_MMAPABLE`).
///
/// Each value begins at a multiple of eight bytes.
public final class SharedArray implements AutoCloseable {
  private static final long PAGE = 4096;

  private final Libc libc = new Libc();
  private final int descriptor;
  private final MemorySegment values;
  private final boolean isLasting;

  private SharedArray(int descriptor, MemorySegment values, boolean isLasting) {
    this.descriptor = descriptor;
    this.values = values;
    this.isLasting = isLasting;
  }

  /// Makes an array of zeroes.
  @SuppressWarnings("restricted") // the kernel says how long the memory at this address is
  public static SharedArray create(Bpf bpf, String name, int valueBytes, int entries)
      throws KernelException {
    int descriptor = bpf.create(BpfMap.sharedArray(name, valueBytes, entries));
    var libc = new Libc();
    long bytes = ((long) (valueBytes + 7 & ~7) * entries + PAGE - 1) & -PAGE;
    long address = libc.mmapShared(bytes, Libc.PROT_READ | Libc.PROT_WRITE, descriptor);
    if (address < 0) {
      int _ = libc.close(descriptor);
      throw new KernelException((int) -address, "sharing the map " + name);
    }
    return new SharedArray(descriptor, MemorySegment.ofAddress(address).reinterpret(bytes), false);
  }

  /// Makes an array of zeroes whose memory outlives [#close]: it lasts as long as anybody here
  /// holds [#values].
  @SuppressWarnings("restricted") // the kernel says how long the memory at this address is
  public static SharedArray createLasting(Bpf bpf, String name, int valueBytes, int entries)
      throws KernelException {
    SharedArray made = create(bpf, name, valueBytes, entries);
    long address = made.values.address();
    long bytes = made.values.byteSize();
    var lasting =
        MemorySegment.ofAddress(address)
            .reinterpret(bytes, Arena.ofAuto(), _ -> new Libc().munmap(address, bytes));
    return new SharedArray(made.descriptor, lasting, true);
  }

  public int descriptor() {
    return descriptor;
  }

  /// Where the values are; not to be touched after [#close], unless they are lasting.
  public MemorySegment values() {
    return values;
  }

  @Override
  public void close() {
    if (!isLasting) {
      int _ = libc.munmap(values.address(), values.byteSize());
    }
    int _ = libc.close(descriptor);
  }
}
