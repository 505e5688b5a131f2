package watari.lab.line;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/// The few calls of the C library that the lab needs and Java does not offer.
public final class Kernel {

  public static final int AF_INET6 = 10;
  public static final int AF_PACKET = 17;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;

  /// The whole packet is given, header included (ipv6(7), raw(7)).
  public static final int IPPROTO_RAW = 255;

  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x4000_0000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVTIMEO = 20;
  private static final int EAGAIN = 11;
  private static final int EINTR = 4;

  private static final Errno ERRNO = new Errno();
  private static final MethodHandle OPEN =
      call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle SETNS =
      call("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SOCKET =
      call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      call(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SENDTO =
      call(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle RECV =
      call("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private Kernel() {}

  /// Moves the calling thread, and no other, into a network namespace.
  static void enterNetwork(Path namespace) throws IOException {
    try (var arena = Arena.ofConfined()) {
      int file =
          (int) invoke(OPEN, arena, arena.allocateFrom(namespace.toString()), O_RDONLY_CLOEXEC);
      try {
        invoke(SETNS, arena, file, CLONE_NEWNET);
      } finally {
        close(file);
      }
    }
  }

  /// A socket of the calling thread's network namespace.
  ///
  /// @return its file descriptor
  public static int socket(int family, int type, int protocol) throws IOException {
    try (var arena = Arena.ofConfined()) {
      return (int) invoke(SOCKET, arena, family, type | SOCK_CLOEXEC, protocol);
    }
  }

  /// Lets [#receive] give up after `milliseconds` and asks for room for `bytes` waiting bytes.
  public static void tune(int socket, int milliseconds, int bytes) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var time = arena.allocateFrom(JAVA_LONG, milliseconds / 1000, milliseconds % 1000 * 1000L);
      invoke(SETSOCKOPT, arena, socket, SOL_SOCKET, SO_RCVTIMEO, time, (int) time.byteSize());
      var room = arena.allocateFrom(JAVA_INT, bytes);
      invoke(SETSOCKOPT, arena, socket, SOL_SOCKET, SO_RCVBUF, room, (int) room.byteSize());
    }
  }

  /// Sends a packet to a socket address in the kernel's form.
  public static void send(int socket, byte[] packet, byte[] address) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(packet.length).copyFrom(MemorySegment.ofArray(packet));
      var target = arena.allocate(address.length).copyFrom(MemorySegment.ofArray(address));
      invoke(SENDTO, arena, socket, bytes, (long) packet.length, 0, target, address.length);
    }
  }

  /// Waits for a packet and writes its first bytes to `into`.
  ///
  /// @return the number of bytes written, or -1 when none came in time
  public static int receive(int socket, MemorySegment into) throws IOException {
    try (var arena = Arena.ofConfined()) {
      return (int) invoke(RECV, arena, socket, into, into.byteSize(), 0);
    } catch (Refusal refusal) {
      if (refusal.errno == EAGAIN || refusal.errno == EINTR) {
        return -1;
      }
      throw refusal;
    }
  }

  public static void close(int file) {
    try (var arena = Arena.ofConfined()) {
      var _ = (int) CLOSE.invokeExact(arena.allocate(ERRNO.layout), file);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  private static long invoke(MethodHandle call, Arena arena, Object... arguments)
      throws IOException {
    var state = arena.allocate(ERRNO.layout);
    var all = new Object[arguments.length + 1];
    all[0] = state;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    long result;
    try {
      result = ((Number) call.invokeWithArguments(all)).longValue();
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
    if (result < 0) {
      throw new Refusal((int) ERRNO.value.get(state, 0L));
    }
    return result;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, FunctionDescriptor shape) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), shape, Linker.Option.captureCallState("errno"));
  }

  private static final class Errno {
    private final StructLayout layout = Linker.Option.captureStateLayout();
    private final VarHandle value =
        layout.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  }

  private static final class Refusal extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    private Refusal(int errno) {
      super("the kernel refused with error " + errno + " (see errno(3))");
      this.errno = errno;
    }
  }
}
