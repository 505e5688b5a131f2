package watari.host.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/// Waiting until one of some descriptors can be read (`poll(2)`).
///
/// ```
/// struct pollfd { int fd; short events; short revents; }   8 bytes, native byte order
/// ```
///
/// Belongs to one thread.
public final class Poll {
  private static final long EVENTS = 4;
  private static final long HAPPENED = 6;
  private static final long BYTES = 8;

  private final Libc libc;
  private final int count;
  private final MemorySegment polls;

  public Poll(Libc libc, int... descriptors) {
    this.libc = libc;
    count = descriptors.length;
    polls = Arena.ofAuto().allocate(count * BYTES, 8);
    for (int index = 0; index < count; index++) {
      put(index, descriptors[index]);
    }
  }

  private void put(int index, int descriptor) {
    polls.set(ValueLayout.JAVA_INT, index * BYTES, descriptor);
    polls.set(ValueLayout.JAVA_SHORT, index * BYTES + EVENTS, (short) Libc.POLLIN);
  }

  /// Waits at most `millis` ms, or for ever with -1; a signal may end the wait early.
  ///
  /// @throws KernelException when the kernel refuses to wait
  public void await(int millis) throws KernelException {
    long result = poll(millis);
    if (result <= 0) {
      for (int index = 0; index < count; index++) {
        polls.set(ValueLayout.JAVA_SHORT, index * BYTES + HAPPENED, (short) 0);
      }
    }
    if (result < 0 && !Errno.EINTR.is(result)) {
      throw new KernelException((int) -result, "waiting for packets");
    }
  }

  private int poll(int millis) {
    try {
      int result = libc.tryPoll(polls.address(), count, millis);
      return result < 0 ? libc.poll(polls.address(), count, 0) : result;
    } finally {
      Reference.reachabilityFence(this); // the kernel has only the number of the memory
    }
  }

  /// Whether the descriptor with that number, from 0, had something, or an error, when the last
  /// wait ended.
  public boolean isReady(int index) {
    return polls.get(ValueLayout.JAVA_SHORT, index * BYTES + HAPPENED) != 0;
  }
}
