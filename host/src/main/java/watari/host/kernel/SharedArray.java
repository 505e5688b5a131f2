package watari.host.kernel;

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

  private SharedArray(int descriptor, MemorySegment values) {
    this.descriptor = descriptor;
    this.values = values;
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
    return new SharedArray(descriptor, MemorySegment.ofAddress(address).reinterpret(bytes));
  }

  public int descriptor() {
    return descriptor;
  }

  /// Where the values are; not to be touched after [#close].
  public MemorySegment values() {
    return values;
  }

  @Override
  public void close() {
    int _ = libc.munmap(values.address(), values.byteSize());
    int _ = libc.close(descriptor);
  }
}
