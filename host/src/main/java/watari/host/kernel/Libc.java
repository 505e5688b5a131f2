package watari.host.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libc: one Java method a C function, `errno` captured inside the call.
///
/// A result below zero is `-errno`. The JDK makes an object of 40 bytes for each call that captures
/// `errno`, until its compiler has proved the object away; so the calls of the packet way exist
/// twice, and those named `try…` answer a failure with -1 alone: repeat the call by its other name
/// to learn the reason. Pointers are addresses in a `long`, so that a call makes no object; the
/// caller vouches that the bytes behind them are its own. One `Libc` belongs to one thread, since
/// all its calls write the error number to the same four bytes.
@SuppressWarnings("restricted") // the one class that links native code
public final class Libc {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x8_0000;
  public static final int EFD_NONBLOCK = O_NONBLOCK;
  public static final int EFD_CLOEXEC = O_CLOEXEC;
  public static final int SOCK_CLOEXEC = O_CLOEXEC;
  public static final int POLLIN = 1;
  public static final int MSG_DONTWAIT = 0x40;
  public static final int CLONE_NEWNET = 0x4000_0000;

  public static final int PROT_READ = 1;
  public static final int PROT_WRITE = 2;
  public static final int MADV_DONTNEED = 4;
  private static final int MAP_SHARED = 1;

  /// The number of `bpf(2)`, which each machine has its own of; both have 64 bits.
  private static final long SYS_BPF = System.getProperty("os.arch").equals("amd64") ? 321 : 280;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      variadic("open", 2, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle WRITE =
      link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle TRY_READ =
      linkBare("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle TRY_WRITE =
      linkBare("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle TRY_POLL =
      linkBare("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle IOCTL =
      variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle POLL =
      link("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle EVENTFD =
      link("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SOCKET =
      link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      link(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      link(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle TRY_GETSOCKOPT =
      linkBare(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle BIND =
      link("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SENDTO =
      link(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle TRY_SENDTO =
      linkBare(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECVFROM =
      link(
          "recvfrom",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle SENDMMSG =
      link("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
  private static final MethodHandle SYSCALL =
      variadic(
          "syscall",
          1,
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MMAP =
      link(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      link("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MADVISE =
      link("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle GETPID = link("getpid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle SETNS =
      link("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

  /// Links every function of this class, if that has not been done. It takes a while, in which
  /// another thread may do something else.
  public static void link() {
    // the class has been initialized
  }

  /// `open(2)`; a new file would have mode 0600.
  public int open(String path, int flags) {
    try (var arena = Arena.ofConfined()) {
      long at = arena.allocateFrom(path).address();
      return result((int) OPEN.invokeExact(errno, at, flags, 0600));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `close(2)`.
  public int close(int descriptor) {
    try {
      return result((int) CLOSE.invokeExact(errno, descriptor));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `read(2)`: up to `bytes` bytes to address `to`.
  public long read(int descriptor, long to, long bytes) {
    try {
      return result((long) READ.invokeExact(errno, descriptor, to, bytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `write(2)`: `bytes` bytes from address `from`.
  public long write(int descriptor, long from, long bytes) {
    try {
      return result((long) WRITE.invokeExact(errno, descriptor, from, bytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `read`, with -1 for every failure; makes no object.
  public long tryRead(int descriptor, long to, long bytes) {
    try {
      return (long) TRY_READ.invokeExact(descriptor, to, bytes);
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `write`, with -1 for every failure; makes no object.
  public long tryWrite(int descriptor, long from, long bytes) {
    try {
      return (long) TRY_WRITE.invokeExact(descriptor, from, bytes);
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `poll`, with -1 for every failure; makes no object.
  public int tryPoll(long polls, long count, int millis) {
    try {
      return (int) TRY_POLL.invokeExact(polls, count, millis);
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `getsockopt`, with -1 for every failure; makes no object.
  public int tryGetsockopt(int descriptor, int level, int option, long value, long bytes) {
    try {
      return (int) TRY_GETSOCKOPT.invokeExact(descriptor, level, option, value, bytes);
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `sendto` of nothing to nobody, which has the kernel look at what waits to be sent; -1 for
  /// every failure; makes no object.
  public long tryKick(int descriptor, int flags) {
    try {
      return (long) TRY_SENDTO.invokeExact(descriptor, 0L, 0L, flags, 0L, 0);
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `ioctl(2)` with one argument, a number or an address.
  public int ioctl(int descriptor, long request, long argument) {
    try {
      return result((int) IOCTL.invokeExact(errno, descriptor, request, argument));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `poll(2)` over `count` records of `struct pollfd` at address `polls`; -1 ms waits for ever.
  public int poll(long polls, long count, int millis) {
    try {
      return result((int) POLL.invokeExact(errno, polls, count, millis));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `eventfd(2)`.
  public int eventfd(int first, int flags) {
    try {
      return result((int) EVENTFD.invokeExact(errno, first, flags));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `socket(2)`.
  public int socket(int family, int type, int protocol) {
    try {
      return result((int) SOCKET.invokeExact(errno, family, type, protocol));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `setsockopt(2)` with the value of `bytes` bytes at address `value`.
  public int setsockopt(int descriptor, int level, int option, long value, int bytes) {
    try {
      return result((int) SETSOCKOPT.invokeExact(errno, descriptor, level, option, value, bytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `getsockopt(2)` to the memory at address `value`, whose size is the `int` at address `bytes`.
  public int getsockopt(int descriptor, int level, int option, long value, long bytes) {
    try {
      return result((int) GETSOCKOPT.invokeExact(errno, descriptor, level, option, value, bytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `bind(2)` to the `struct sockaddr` of `bytes` bytes at `address`.
  public int bind(int descriptor, long address, int bytes) {
    try {
      return result((int) BIND.invokeExact(errno, descriptor, address, bytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `sendto(2)`: `bytes` bytes from address `from` to the `struct sockaddr` at `address`.
  public long sendto(
      int descriptor, long from, long bytes, int flags, long address, int addressBytes) {
    try {
      return result(
          (long) SENDTO.invokeExact(errno, descriptor, from, bytes, flags, address, addressBytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `recvfrom(2)`: the sender's `struct sockaddr` goes to `address`, its size to the `int` at
  /// `addressBytes`; both may be 0.
  public long recvfrom(
      int descriptor, long to, long bytes, int flags, long address, long addressBytes) {
    try {
      return result(
          (long) RECVFROM.invokeExact(errno, descriptor, to, bytes, flags, address, addressBytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `sendmmsg(2)` of `count` records of `struct mmsghdr` at address `messages`.
  public int sendmmsg(int descriptor, long messages, int count, int flags) {
    try {
      return result((int) SENDMMSG.invokeExact(errno, descriptor, messages, count, flags));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `bpf(2)`, which libc has no function for: `command` with the `union bpf_attr` of `bytes` bytes
  /// at address `attributes`.
  public int bpf(int command, long attributes, long bytes) {
    try {
      return (int)
          result((long) SYSCALL.invokeExact(errno, SYS_BPF, (long) command, attributes, bytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `mmap(2)` of a file, shared with everybody who has it, wherever the kernel likes; the address,
  /// or `-errno`.
  public long mmapShared(long bytes, int protection, int descriptor) {
    return mmapShared(bytes, protection, descriptor, 0);
  }

  /// The same from a byte of the file on.
  public long mmapShared(long bytes, int protection, int descriptor, long offset) {
    try {
      return result(
          (long) MMAP.invokeExact(errno, 0L, bytes, protection, MAP_SHARED, descriptor, offset));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `munmap(2)`.
  public int munmap(long address, long bytes) {
    try {
      return result((int) MUNMAP.invokeExact(errno, address, bytes));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `madvise(2)`.
  public int madvise(long address, long bytes, int advice) {
    try {
      return result((int) MADVISE.invokeExact(errno, address, bytes, advice));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `getpid(2)`.
  public int getpid() {
    try {
      return result((int) GETPID.invokeExact(errno));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  /// `setns(2)`: moves the calling thread, and what it starts, into a namespace.
  public int setns(int descriptor, int kind) {
    try {
      return result((int) SETNS.invokeExact(errno, descriptor, kind));
    } catch (Throwable e) {
      throw unlinked(e);
    }
  }

  private int result(int value) {
    return value < 0 ? -errno.get(JAVA_INT, ERRNO_OFFSET) : value;
  }

  private long result(long value) {
    return value < 0 ? -errno.get(JAVA_INT, ERRNO_OFFSET) : value;
  }

  private static MethodHandle link(String name, FunctionDescriptor shape) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, CAPTURE);
  }

  private static MethodHandle linkBare(String name, FunctionDescriptor shape) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape);
  }

  /// Links a function whose arguments from number `fixed` on are `...` in C.
  private static MethodHandle variadic(String name, int fixed, FunctionDescriptor shape) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        shape,
        CAPTURE,
        Linker.Option.firstVariadicArg(fixed));
  }

  /// C functions throw nothing, so what arrives here is a mistake in this class or the end of the
  /// JVM.
  private static AssertionError unlinked(Throwable cause) {
    return new AssertionError("a call of libc broke", cause);
  }
}
