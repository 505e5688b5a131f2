package watari.host.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A bell that any thread may ring to end another thread's `poll` (`eventfd(2)`).
public final class Bell implements AutoCloseable {
  private final Libc libc = new Libc();
  private final MemorySegment one = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
  private final MemorySegment rings = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
  private final int descriptor;
  private boolean closed;

  private Bell(int descriptor) {
    this.descriptor = descriptor;
    one.set(ValueLayout.JAVA_LONG, 0, 1);
  }

  /// Hangs up a bell.
  ///
  /// @throws KernelException when the process has no descriptor left
  public static Bell open() throws KernelException {
    int descriptor = new Libc().eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
    if (descriptor < 0) {
      throw new KernelException(-descriptor, "making an eventfd");
    }
    return new Bell(descriptor);
  }

  /// What `poll` waits for.
  public int descriptor() {
    return descriptor;
  }

  /// Rings; many rings before a `silence` count as one. After `close` nothing happens.
  ///
  /// Synchronized with `close`: the number of a closed descriptor may belong to another file.
  public synchronized void ring() {
    if (!closed) {
      // EAGAIN can only mean that 2^64 - 2 rings are waiting, which is as good as one more.
      long _ = libc.write(descriptor, one.address(), Long.BYTES);
    }
  }

  /// Takes back all rings so far.
  public synchronized void silence() {
    if (!closed) {
      long _ = libc.read(descriptor, rings.address(), Long.BYTES);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      int _ = libc.close(descriptor);
    }
  }
}
